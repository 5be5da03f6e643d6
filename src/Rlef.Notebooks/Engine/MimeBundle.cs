using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// One value in every format a front end may choose from, keyed by MIME type: text as a string, JSON types as JSON. The library's
/// own writer of such bundles refuses JSON types of other vendors, Plotly's among them.
/// </summary>
public sealed partial class MimeBundle
{
    private readonly SortedDictionary<string, JsonNode> _data = new(StringComparer.Ordinal);

    private MimeBundle() { }

    public IReadOnlyDictionary<string, JsonNode> Data => _data;

    /// <summary>A value as the kernel would show it: in the MIME types its type prefers, or in those given.</summary>
    public static MimeBundle Of(object? value, params string[] mimeTypes)
    {
        NotebookFormatters.EnsureRegistered();
        return Of(FormattedValue.CreateManyFromObject(value, mimeTypes));
    }

    /// <summary>What the kernel sent, without what only pages of its own need.</summary>
    public static MimeBundle Of(IEnumerable<FormattedValue> formatted)
    {
        var bundle = new MimeBundle();
        foreach (var value in formatted) bundle.Add(value.MimeType, value.Value);
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
        // What is no JSON, or null, is no such format of a value.
        if (IsJson(mimeType) && Documents.NotebookJson.TryParse(text) is { } value) _data[mimeType] = value;
        else if (!IsJson(mimeType)) _data[mimeType] = text.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    // The formatter repeats a style sheet for the whole page in every value; pages bring their own.
    [GeneratedRegex(@"<style>\s*\.dni-code-hint.*?</style>", RegexOptions.Singleline)]
    private static partial Regex DefaultStyles();

    [GeneratedRegex(@"^<div class=""dni-plaintext""><pre>[^<]*</pre></div>$", RegexOptions.Singleline)]
    private static partial Regex PlainTextAsHtml();
}
