using System.Net;
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
        "stream" => $"<pre class=\"stream {(output["name"]?.ToString() == "stderr" ? "stderr" : "stdout")}\">{Text(NotebookCell.Text(output["text"]))}</pre>",
        "error" => $"<pre class=\"error\" role=\"alert\">{Text(Traceback(output))}</pre>",
        "display_data" or "execute_result" when output["data"] is JsonObject data => Bundle(data, markdown),
        _ => "",
    };

    /// <summary>Whether an output is a figure that needs plotly.js.</summary>
    public static bool IsFigure(JsonNode? output) => (output?["data"] as JsonObject)?[FigureMarkup.MimeType] is not null;

    private static string Bundle(JsonObject data, MarkdownMarkup markdown)
    {
        if (FigureMarkup.Of(data) is { } figure) return Figure(figure, Of("image/svg+xml"));
        if (Of("text/html") is { } html) return $"<div class=\"rich\">{html}</div>";
        if (Of("text/markdown") is { } text) return $"<div class=\"rich\">{markdown.Html(text)}</div>";
        if (Of("image/svg+xml") is { } svg) return $"<div class=\"rich\">{svg}</div>";
        foreach (var type in new[] { "image/png", "image/jpeg", "image/gif" })
            if (Of(type) is { } image) return $"<img alt=\"{WebUtility.HtmlEncode(Of("text/plain") ?? "output")}\" src=\"data:{type};base64,{image.Replace("\n", "", StringComparison.Ordinal)}\">";
        return $"<pre class=\"value\">{Text(Of("text/plain") ?? data.FirstOrDefault().Value?.ToJsonString() ?? "")}</pre>";

        string? Of(string type) => data[type] is { } value ? NotebookCell.Text(value) : null;
    }

    private static string Figure(JsonNode figure, string? svg)
    {
        var height = figure["layout"]?["height"] is JsonValue given && given.TryGetValue<double>(out var pixels) ? pixels : 450;
        return $"<figure aria-label=\"{WebUtility.HtmlEncode(FigureMarkup.Description(figure))}\"><div class=\"plot\" style=\"min-height:{height:0}px\">{FigureMarkup.Fallback(figure, svg)}</div>"
            + $"<script type=\"application/json\">{FigureMarkup.ForScript(figure)}</script></figure>";
    }

    private static string Traceback(JsonNode output) =>
        output["traceback"] is JsonArray { Count: > 0 } lines ? string.Join('\n', lines.Select(line => line?.ToString())) : $"{output["ename"]}: {output["evalue"]}";

    private static string Text(string text) => WebUtility.HtmlEncode(AnsiColour().Replace(text, ""));

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex AnsiColour();
}
