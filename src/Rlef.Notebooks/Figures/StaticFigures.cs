using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Storage;

namespace Rlef.Notebooks.Figures;

/// <summary>
/// Draws figures as SVG in a headless browser, several in one start, and keeps the images by the figure's hash, so that an
/// unchanged figure is neither drawn again nor changes in the notebook.
/// </summary>
public static partial class StaticFigures
{
    /// <summary>Images by the position of their figure; null, with a one-line notice, where none could be drawn.</summary>
    /// <param name="Images">SVG documents.</param>
    public sealed record Drawing(IReadOnlyList<string?> Images, string? Notice);

    /// <summary>Where images are kept between runs.</summary>
    public static string CacheFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "rlef", "figures");

    public static async Task<Drawing> DrawAsync(IReadOnlyList<JsonNode> figures, CancellationToken cancellation = default)
    {
        var hashes = figures.Select(figure => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlotlyScript.Version + figure.ToJsonString())))).ToList();
        var images = hashes.Select(Cached).ToList();
        List<int> missing = [.. Enumerable.Range(0, figures.Count).Where(i => images[i] is null).DistinctBy(i => hashes[i])];
        if (missing.Count == 0) return new Drawing(images, null);

        if (Browser.Find() is null) return new Drawing(images, "figures have no static image: no Chromium found.");
        try
        {
            var drawn = await DrawMissingAsync([.. missing.Select(i => figures[i])], cancellation).ConfigureAwait(false);
            for (var i = 0; i < missing.Count; i++) Keep(hashes[missing[i]], WithStableIds(drawn[i], hashes[missing[i]]));
            return new Drawing([.. hashes.Select(Cached)], null);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or JsonException or UnauthorizedAccessException)
        {
            return new Drawing(images, $"figures have no static image: {e.Message}");
        }
    }

    private static async Task<IReadOnlyList<string>> DrawMissingAsync(IReadOnlyList<JsonNode> figures, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-figures-");
        try
        {
            var page = Path.Combine(folder.FullName, "figures.html");
            await File.WriteAllTextAsync(page, Page(figures), cancellation).ConfigureAwait(false);
            var document = await Browser.DumpAsync(page, cancellation: cancellation).ConfigureAwait(false);
            var result = Result().Match(document);
            if (!result.Success) throw new InvalidOperationException("the browser did not draw them.");
            if (result.Groups["id"].Value == "failed") throw new InvalidOperationException(WebUtility.HtmlDecode(result.Groups["text"].Value));
            return JsonSerializer.Deserialize<string[]>(WebUtility.HtmlDecode(result.Groups["text"].Value))!
                .Select(url => Uri.UnescapeDataString(url[(url.IndexOf(',') + 1)..])).ToList();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Page(IReadOnlyList<JsonNode> figures) =>
        $$"""
        <!doctype html><meta charset="utf-8"><body><script>{{PlotlyScript.Text}}</script><script>
        const figures = [{{string.Join(",\n", figures.Select(FigureMarkup.ForScript))}}];
        function show(id, text) {
          const result = document.createElement("pre");
          result.id = id;
          result.textContent = text;
          document.body.replaceChildren(result);
        }
        (async () => {
          const images = [];
          for (const figure of figures) {
            const layout = figure.layout || {};
            images.push(await Plotly.toImage({ data: figure.data, layout },
              { format: "svg", width: layout.width || 900, height: layout.height || 450 }));
          }
          show("drawn", JSON.stringify(images));
        })().catch(error => show("failed", String(error)));
        </script></body>
        """;

    // plotly.js draws random ids; derived from the figure they are the same each time and differ between the figures of a page.
    private static string WithStableIds(string svg, string hash)
    {
        var ids = RandomId().Matches(svg).Select(match => match.Groups["id"].Value).Distinct().ToList();
        for (var i = 0; i < ids.Count; i++)
        {
            var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{hash}-{i}")))[..10];
            svg = Regex.Replace(svg, $"(?<=[A-Za-z-]){ids[i]}(?![0-9.])", id);
        }
        return svg;
    }

    private static string? Cached(string hash)
    {
        var path = Path.Combine(CacheFolder, hash + ".svg");
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    private static void Keep(string hash, string svg)
    {
        Directory.CreateDirectory(CacheFolder);
        AtomicFile.WriteShared(Path.Combine(CacheFolder, hash + ".svg"), stream => stream.Write(Encoding.UTF8.GetBytes(svg)));
    }

    [GeneratedRegex(@"<pre id=""(?<id>drawn|failed)"">(?<text>.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Result();

    [GeneratedRegex(@"(?:defs-|trace)(?<id>[0-9a-f]{6})(?=[""\s])")]
    private static partial Regex RandomId();
}
