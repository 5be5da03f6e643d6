using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks;

/// <summary>
/// Shares over the updates of a run that is under way, and a line of text. Drawn as SVG here and not by plotly.js: it is shown anew every second, by front
/// ends that would load, run and clear a script each time, and stays to be seen where none runs.
/// </summary>
/// <param name="updates">Of the whole run: the width of the axis.</param>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class LiveCurves(string text, int updates, IReadOnlyList<LiveCurves.Series> curves) : IDisplayable
{
    private const int Left = 44, Top = 22, Width = 520, Height = 110, Points = 300;

    /// <param name="Values">Update, from 1, and share in it.</param>
    public sealed record Series(string Name, IReadOnlyList<(double Update, double Share)> Values);

    /// <summary>A metric so far, where updates have it; in a long run means of neighbouring updates.</summary>
    public static Series Of(string name, string metric, IReadOnlyList<IReadOnlyDictionary<string, double>> past)
    {
        List<(double Update, double Share)> all = [.. past.Where(m => m.ContainsKey(metric)).Select(m => (m["update"] + 1, m[metric]))];
        return new(name, [.. all.Chunk((all.Count + Points - 1) / Points is var block and > 0 ? block : 1).Select(part => (part[^1].Update, part.Average(p => p.Share)))]);
    }

    public string ToPlainText() => text;

    public string ToHtml()
    {
        var drawn = curves.Where(curve => curve.Values.Count > 0).ToList();
        if (drawn.Count == 0) return $"<p>{WebUtility.HtmlEncode(text)}</p>";
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 16} {Top + Height + 34}\" " +
            $"width=\"{Left + Width + 16}\" style=\"max-width:100%;height:auto;font:12px system-ui,sans-serif\" role=\"img\" " +
            $"aria-label=\"{WebUtility.HtmlEncode(string.Join(", ", drawn.Select(curve => curve.Name)))} over updates\">");
        foreach (var share in (double[])[0, 0.5, 1])
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Y(share)}h{Width}\" stroke=\"currentColor\" stroke-opacity=\".2\"/><text " +
                $"x=\"{Left - 6}\" y=\"{Y(share) + 4:0.#}\" text-anchor=\"end\" fill=\"currentColor\">{share:0%}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Top + Height + 18}\" fill=\"currentColor\">1</text><text x=\"{Left + Width / 2}\" " +
            $"y=\"{Top + Height + 18}\" text-anchor=\"middle\" fill=\"currentColor\">update</text><text x=\"{Left + Width}\" y=\"{Top + Height + 18}\" " +
            $"text-anchor=\"end\" fill=\"currentColor\">{updates}</text>");
        var at = Left;
        foreach (var (name, values) in drawn)
        {
            var colour = Palette.OfArm(name);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{at} 10h18\" stroke=\"{colour}\" stroke-width=\"3\"/><text x=\"{at + 24}\" y=\"14\" " +
                $"fill=\"currentColor\">{WebUtility.HtmlEncode(name)} {values[^1].Share:0%}</text>");
            at += 160;
            svg.Append($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"{string.Join(' ', values.Select(v => Point(v.Update, v.Share)))}\"/>");
            // A line through one point would not be seen.
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(values[^1].Update):0.#}\" cy=\"{Y(values[^1].Share):0.#}\" r=\"3\" fill=\"{colour}\"/>");
        }
        return svg.Append($"</svg><p>{WebUtility.HtmlEncode(text)}</p>").ToString();

        double X(double update) => Left + Width * (update - 1) / Math.Max(1, updates - 1);
        double Y(double share) => Top + Height * (1 - share);
        string Point(double update, double share) => string.Create(CultureInfo.InvariantCulture, $"{X(update):0.#},{Y(share):0.#}");
    }

    public override string ToString() => ToPlainText();
}
