using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Figures;

namespace Rlef.Notebooks.Publishing;

/// <summary>A cell's outputs as HTML, the richest format of each that a page without network can show.</summary>
internal static partial class OutputMarkup
{
    public static string Html(JsonNode? output, MarkdownMarkup markdown) => output?["output_type"]?.ToString() switch
    {
        "stream" => TextMarkup.Html(NotebookCell.Text(output["text"]), $"class=\"stream {(output["name"]?.ToString() == "stderr" ? "stderr" : "stdout")}\""),
        "error" => TextMarkup.Html(Traceback(output), "class=\"error\" role=\"alert\""),
        "display_data" or "execute_result" when output["data"] is JsonObject data => Bundle(data, markdown),
        _ => "",
    };

    /// <summary>Whether an output is a figure that needs plotly.js.</summary>
    public static bool IsFigure(JsonNode? output) => FigureMarkup.Of(output?["data"] as JsonObject) is not null;

    /// <summary>Whether a page shows an output as HTML that wants to run a script, which pages do not let it.</summary>
    public static bool HasScript(JsonNode? output) =>
        !IsFigure(output) && output?["data"] is JsonObject data && Script().IsMatch(NotebookCell.Text(data["text/html"]));

    private static string Bundle(JsonObject data, MarkdownMarkup markdown)
    {
        if (FigureMarkup.Of(data) is { } figure) return Figure(figure, Of("image/svg+xml"));
        if (Of("text/html") is { } html) return $"<div class=\"rich\" tabindex=\"0\">{Leading().Replace(html, "")}</div>";
        if (Of("text/markdown") is { } text) return $"<div class=\"rich text\">{markdown.Html(text)}</div>";
        if (Of("image/svg+xml") is { } svg) return Image("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)));
        foreach (var type in new[] { "image/png", "image/jpeg", "image/gif", "image/webp" })
            if (Of(type) is { } image) return Image(type, image.ReplaceLineEndings(""));
        return TextMarkup.Html(Of("text/plain") ?? data.FirstOrDefault().Value?.ToJsonString() ?? "", "class=\"value\"");

        string? Of(string type) => data[type] is { } value ? NotebookCell.Text(value) : null;

        // An SVG document within an image element cannot run scripts either.
        string Image(string type, string base64) => $"<img alt=\"{WebUtility.HtmlEncode(Of("text/plain") ?? "output")}\" src=\"data:{type};base64,{base64}\">";
    }

    /// <summary>A figure as pages draw it: without a script the static picture says its title itself; with one the page says it, where it can be as long as it likes.</summary>
    /// <param name="svg">Its static image, null if there is none.</param>
    public static string Figure(JsonNode figure, string? svg)
    {
        var height = figure["layout"]?["height"] is JsonValue given && given.TryGetValue<double>(out var pixels) ? pixels : 450;
        return $"<figure aria-label=\"{WebUtility.HtmlEncode(FigureMarkup.Description(figure))}\"><figcaption hidden>{WebUtility.HtmlEncode(FigureMarkup.Title(figure["layout"]))}</figcaption>"
            + $"<div class=\"plot\" style=\"min-height:{height:0}px\">{FigureMarkup.Fallback(figure, svg)}</div>"
            + $"<script type=\"application/json\">{FigureMarkup.ForScript(figure)}</script></figure>";
    }

    private static string Traceback(JsonNode output) =>
        output["traceback"] is JsonArray { Count: > 0 } lines ? string.Join('\n', lines.Select(line => line?.ToString())) : $"{output["ename"]}: {output["evalue"]}";

    // What leads away from the page or to other files, which no content policy forbids.
    [GeneratedRegex(@"<(?:meta|base|link)\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Leading();

    [GeneratedRegex(@"<script\b|<[^>]+\son[a-z]+\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Script();
}
