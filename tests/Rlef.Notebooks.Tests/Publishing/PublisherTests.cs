using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Publishing;
using Rlef.Notebooks.Tests.Figures;

namespace Rlef.Notebooks.Tests.Publishing;

[Collection("plotly.js")]
public sealed partial class PublisherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlef-publish-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_report_draws_its_figures_in_a_browser_without_network()
    {
        Needs.Browser();
        var site = await Publisher.PublishAsync([Write("00-first", figures: 2)], Site, cancellation: TestContext.Current.CancellationToken);
        var page = File.ReadAllText(site.Reports[0]);
        Assert.Equal(1, Regex.Count(page, @"plotly\.js v"));
        Assert.DoesNotMatch(ExternalResource(), ScriptBody().Replace(page, ""));
        Assert.Contains("data:image/svg+xml;base64,", page, StringComparison.Ordinal);

        var document = await Browser.DumpAsync(site.Reports[0], cancellation: TestContext.Current.CancellationToken);
        var plots = Plot().Matches(document);
        Assert.Equal(2, plots.Count);
        Assert.Equal(2, Regex.Count(document, @"<div class=""plot js-plotly-plot"""));
        Assert.True(Regex.Count(document, @"<svg class=""main-svg""") >= 2, "plotly.js drew no figure");
        Assert.Contains("js-line", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_shows_text_code_and_outputs()
    {
        var path = Write("00-first", figures: 0);
        var notebook = Notebook.Load(path);
        notebook.Add(CellKind.Markdown, "## Same head\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$\\beta_t \\le \\frac{a}{b}$ and [next](01-next.ipynb#x)\n\n## Same head");
        var cell = notebook.Add(CellKind.Code, "// why\nvar text = \"<b>\"; text");
        cell.ExecutionCount = 1;
        cell.Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "a < b \u001b[31mred\u001b[0m\n" });
        cell.Outputs.Add(new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/html"] = "<table id='own'></table>", ["text/plain"] = "no" } });
        notebook.Save(path);
        var site = await Publisher.PublishAsync([path, Write("01-next", 0)], Site, cancellation: TestContext.Current.CancellationToken);
        var page = File.ReadAllText(site.Reports[0]);
        Assert.Contains("<a href=\"#same-head\">Same head</a>", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"same-head-2\">", page, StringComparison.Ordinal);
        Assert.Contains("<td>1</td>", page, StringComparison.Ordinal);
        Assert.Contains("β<sub>t</sub> ≤ a/b", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"01-next.html#x\">next</a>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"c\">// why</span>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"s\">&quot;&lt;b&gt;&quot;</span>", page, StringComparison.Ordinal);
        Assert.Contains("<pre class=\"stream stdout\">a &lt; b red\n</pre>", page, StringComparison.Ordinal);
        Assert.Contains("<table id='own'>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("plotly", page[..page.IndexOf("<script>", StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_index_links_every_report_and_says_what_has_not_run()
    {
        var failed = Write("02-failed", figures: 0);
        var notebook = Notebook.Load(failed);
        var cell = notebook.Add(CellKind.Code, "throw null;");
        cell.Outputs.Add(new JsonObject { ["output_type"] = "error", ["ename"] = "E", ["evalue"] = "v", ["traceback"] = new JsonArray("Cell 1, line 1: E: v") });
        notebook.Save(failed);
        var fresh = Write("03-fresh", figures: 0);
        notebook = Notebook.Load(fresh);
        notebook.Add(CellKind.Code, "1");
        notebook.Save(fresh);
        var site = await Publisher.PublishAsync([Write("00-first", 0), failed, fresh], Site, "Lab & co", TestContext.Current.CancellationToken);
        var index = File.ReadAllText(site.Index);
        Assert.Contains("<title>Lab &amp; co</title>", index, StringComparison.Ordinal);
        foreach (var name in new[] { "00-first", "02-failed", "03-fresh" }) Assert.Contains($"href=\"{name}.html\"", index, StringComparison.Ordinal);
        Assert.Contains("What is asked.", index, StringComparison.Ordinal);
        Assert.Contains("The run failed at code cell 1", index, StringComparison.Ordinal);
        Assert.Contains("1 of 1 code cells have not been run", index, StringComparison.Ordinal);
        Assert.Contains("Cell 1, line 1: E: v", File.ReadAllText(site.Reports[1]), StringComparison.Ordinal);
    }

    private string Site => Path.Combine(_folder.FullName, "site");

    private string Write(string name, int figures)
    {
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Markdown, $"# Title of {name}\n\nWhat is *asked*.");
        for (var i = 0; i < figures; i++)
        {
            var cell = notebook.Add(CellKind.Code, "chart");
            cell.ExecutionCount = i + 1;
            cell.Outputs.Add(new JsonObject
            {
                ["output_type"] = "display_data", ["metadata"] = new JsonObject(),
                ["data"] = new JsonObject { [FigureMarkup.MimeType] = StaticFiguresTests.Figure($"arm {i}", "a title") },
            });
        }
        var path = Path.Combine(_folder.FullName, name + ".ipynb");
        notebook.Save(path);
        return path;
    }

    [GeneratedRegex(@"(?:src|<link[^>]+href)=[""']?https?:|@import|url\(http", RegexOptions.IgnoreCase)]
    private static partial Regex ExternalResource();

    [GeneratedRegex(@"<script>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptBody();

    [GeneratedRegex(@"<figure aria-label=""Figure: a title; arm \d"">")]
    private static partial Regex Plot();
}
