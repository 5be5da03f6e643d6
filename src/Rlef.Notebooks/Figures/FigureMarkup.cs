using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Rlef.Notebooks.Figures;

/// <summary>A Plotly figure as HTML: its static image, which becomes the interactive figure where the page has plotly.js.</summary>
public static class FigureMarkup
{
    /// <summary>The MIME type of a figure's JSON: <c>data</c>, <c>layout</c> and <c>config</c> of Plotly.newPlot.</summary>
    public const string MimeType = "application/vnd.plotly.v1+json";

    /// <summary>The figure among an output's formats, null if there is none. Jupyter keeps this kernel's JSON as text.</summary>
    public static JsonNode? Of(JsonObject? data)
    {
        var figure = data?[MimeType] switch
        {
            null => null,
            JsonObject json => json,
            var text => Documents.NotebookJson.TryParse(Documents.NotebookCell.Text(text)) as JsonObject,
        };
        // A notebook that was cut or written by hand may hold anything.
        return figure is not null && figure["data"] is null or JsonArray && figure["layout"] is null or JsonObject
            && (figure["data"] as JsonArray ?? []).All(trace => trace is JsonObject) ? figure : null;
    }

    /// <param name="figure">The figure's JSON.</param>
    /// <param name="svg">Its static image, null if there is none.</param>
    /// <remarks>Some front ends run the script elsewhere than where it stands, so it knows its place by name.</remarks>
    public static string Html(JsonNode figure, string? svg = null) =>
        $$"""
        <div class="rlef-figure" data-figure="{{Name(figure)}}">{{Fallback(figure, svg)}}</div><script>(function () {
        var place = document.currentScript && document.currentScript.previousElementSibling;
        if (!place || place.dataset.figure !== "{{Name(figure)}}") place = document.querySelector('[data-figure="{{Name(figure)}}"]:not(.js-plotly-plot)');
        if (!place || !window.Plotly) return;
        var figure = {{ForScript(figure)}};
        place.textContent = "";
        window.Plotly.newPlot(place, figure.data, figure.layout, Object.assign({ responsive: true }, figure.config));
        })();</script>
        """;

    /// <summary>What stands in the figure's place without a script.</summary>
    public static string Fallback(JsonNode figure, string? svg) => svg is null
        ? $"<em>{WebUtility.HtmlEncode(Description(figure))}</em>"
        : $"<img src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\" alt=\"{WebUtility.HtmlEncode(Description(figure))}\" style=\"max-width:100%\">";

    /// <summary>The figure in a sentence: title, axes, series.</summary>
    public static string Description(JsonNode figure)
    {
        var layout = figure["layout"];
        var axes = string.Join(" over ", new[] { Title(layout?["yaxis"]), Title(layout?["xaxis"]) }.Where(title => title.Length > 0));
        var series = (figure["data"] as JsonArray ?? [])
            .Where(trace => trace?["showlegend"] is not JsonValue shown || shown.GetValueKind() != System.Text.Json.JsonValueKind.False)
            .Select(trace => trace?["name"]?.ToString()).Where(name => !string.IsNullOrEmpty(name)).Distinct();
        string[] parts = [Title(layout), axes, string.Join(", ", series)];
        return "Figure: " + string.Join("; ", parts.Where(part => part.Length > 0));
    }

    /// <summary>JSON that cannot end the script element around it.</summary>
    public static string ForScript(JsonNode json) => json.ToJsonString().Replace("<", "\\u003c", StringComparison.Ordinal);

    private static string Name(JsonNode figure) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(figure.ToJsonString())))[..16];

    /// <summary>The title of a layout or an axis, empty if it has none.</summary>
    public static string Title(JsonNode? holder) => holder?["title"] switch
    {
        JsonObject title => title["text"]?.ToString() ?? "",
        JsonValue title => title.ToString(),
        _ => "",
    };
}
