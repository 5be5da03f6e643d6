using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks.Engine;

/// <summary>One value in every format a front end may choose from, keyed by MIME type: text as a string, JSON types as JSON.</summary>
public sealed partial class MimeBundle
{
    private readonly SortedDictionary<string, JsonNode> _data = new(StringComparer.Ordinal);

    private MimeBundle() { }

    public IReadOnlyDictionary<string, JsonNode> Data => _data;

    /// <summary>Formats a value through <see cref="Formatter"/>: its preferred MIME types, or those given, and plain text.</summary>
    public static MimeBundle Of(object? value, params string[] mimeTypes)
    {
        NotebookFormatters.EnsureRegistered();
        var bundle = new MimeBundle();
        if (value is null)
        {
            bundle._data["text/plain"] = "null";
            return bundle;
        }
        foreach (var mimeType in mimeTypes.Length > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value.GetType()))
            bundle.Add(mimeType, value.ToDisplayString(mimeType));
        if (mimeTypes.Length == 0 && value is not IHtmlContent && !bundle._data.ContainsKey("text/plain"))
            bundle.Add("text/plain", value.ToDisplayString("text/plain"));
        return bundle;
    }

    /// <summary>The bundle as nbformat stores it: text as a list of lines.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (mimeType, value) in _data)
            json[mimeType] = IsJson(mimeType) ? value.DeepClone() : Documents.NotebookCell.Lines(value.GetValue<string>());
        return json;
    }

    private static bool IsJson(string mimeType) =>
        mimeType == "application/json" || mimeType.StartsWith("application/", StringComparison.Ordinal) && mimeType.EndsWith("+json", StringComparison.Ordinal);

    // An empty string says that this value has no such format, for instance a figure without a static image.
    private void Add(string mimeType, string text)
    {
        if (mimeType == "text/html")
        {
            text = DefaultStyles().Replace(text, "");
            // A number or string in <pre> tags says no more than its plain text does.
            if (PlainTextAsHtml().IsMatch(text)) return;
        }
        if (text.Length == 0) return;
        _data[mimeType] = IsJson(mimeType) ? JsonNode.Parse(text)! : (JsonNode)text.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    // The formatter repeats a style sheet for the whole page in every value; pages bring their own.
    [GeneratedRegex(@"<style>\s*\.dni-code-hint.*?</style>", RegexOptions.Singleline)]
    private static partial Regex DefaultStyles();

    [GeneratedRegex(@"^<div class=""dni-plaintext""><pre>[^<]*</pre></div>$", RegexOptions.Singleline)]
    private static partial Regex PlainTextAsHtml();
}
