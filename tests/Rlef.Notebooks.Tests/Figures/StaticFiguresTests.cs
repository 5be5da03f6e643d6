using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Notebooks.Figures;

namespace Rlef.Notebooks.Tests.Figures;

[Collection("plotly.js")]
public sealed class StaticFiguresTests
{
    [Fact]
    public async Task Figures_are_drawn_once_with_ids_of_their_own()
    {
        Needs.Browser();
        // New data each time, so that nothing comes out of the cache.
        var fresh = Guid.NewGuid().ToString();
        JsonNode[] figures = [Figure("real", fresh), Figure("random </script>", fresh), Figure("real", fresh)];
        var first = await StaticFigures.DrawAsync(figures, TestContext.Current.CancellationToken);
        Assert.Null(first.Notice);
        Assert.All(first.Images, svg => Assert.StartsWith("<svg", svg, StringComparison.Ordinal));
        Assert.Contains("random", first.Images[1], StringComparison.Ordinal);
        Assert.Equal(first.Images[0], first.Images[2]);
        Assert.NotEqual(DefsId(first.Images[0]!), DefsId(first.Images[1]!));
        var again = await StaticFigures.DrawAsync(figures, TestContext.Current.CancellationToken);
        Assert.Equal(first.Images, again.Images);
    }

    [Fact]
    public void A_figure_is_described_by_title_axes_and_series()
    {
        Assert.Equal("Figure: Solved; share over update; real", FigureMarkup.Description(JsonNode.Parse("""
            {"data": [{"name": "real"}, {"name": "band", "showlegend": false}, {"name": "real"}],
             "layout": {"title": {"text": "Solved"}, "xaxis": {"title": {"text": "update"}}, "yaxis": {"title": "share"}}}
            """)!));
    }

    [Fact]
    public void Data_cannot_end_the_script_it_stands_in()
    {
        var html = FigureMarkup.Html(Figure("</script><img src=x onerror=alert(1)>", ""));
        Assert.Equal(2, Regex.Count(html, "</?script>"));
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
    }

    internal static JsonNode Figure(string name, string title) => new JsonObject
    {
        ["data"] = new JsonArray(new JsonObject
        {
            ["type"] = "scatter", ["name"] = name, ["x"] = new JsonArray(1, 2, 3), ["y"] = new JsonArray(0.1, 0.4, 0.3), ["showlegend"] = true,
        }),
        ["layout"] = new JsonObject { ["title"] = new JsonObject { ["text"] = title } },
    };

    private static string DefsId(string svg) => Regex.Match(svg, "<defs id=\"(?<id>[^\"]+)\"").Groups["id"].Value;
}
