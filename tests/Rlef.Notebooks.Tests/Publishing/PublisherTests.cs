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
        notebook.Add(CellKind.Markdown, "## Same head\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$\\beta_t \\le \\frac{a}{b}$, $\\frac{\\pi_\\theta(a|s)}{\\pi_{\\theta_{old}}(a|s)}$ and [next](01-next.ipynb#x)\n\n## Same head");
        var cell = notebook.Add(CellKind.Code, "// why\nvar text = \"<b>\"; text");
        cell.ExecutionCount = 1;
        cell.Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "a < b \u001b[31mred\u001b[0m\n" });
        cell.Outputs.Add(new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/html"] = "<META http-equiv='refresh' content='0;url=https://else.where'><table id='own'></table>", ["text/plain"] = "no" } });
        notebook.Save(path);
        var site = await Publisher.PublishAsync([path, Write("01-next", 0)], Site, cancellation: TestContext.Current.CancellationToken);
        var page = File.ReadAllText(site.Reports[0]);
        Assert.Contains("<a href=\"#same-head\">Same head</a>", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"same-head-2\">", page, StringComparison.Ordinal);
        Assert.Contains("<td>1</td>", page, StringComparison.Ordinal);
        Assert.Contains("β<sub>t</sub> ≤ a/b", page, StringComparison.Ordinal);
        Assert.Contains("(π<sub>θ</sub>(a|s))/(π<sub>θ<sub>old</sub></sub>(a|s))", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"01-next.html#x\">next</a>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"c\">// why</span>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"s\">&quot;&lt;b&gt;&quot;</span>", page, StringComparison.Ordinal);
        Assert.Contains("<pre class=\"stream stdout\">a &lt; b <span class=\"ansi-fg-1\">red</span></pre>", page, StringComparison.Ordinal);
        Assert.Contains("<table id='own'>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("else.where", page, StringComparison.Ordinal);
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

    [Fact]
    public async Task What_a_page_lacks_is_a_warning_and_stands_in_its_place()
    {
        var path = Write("00-first", figures: 0);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "dot.png"), Convert.FromBase64String(Dot));
        var notebook = Notebook.Load(path);
        var text = notebook.Add(CellKind.Markdown,
            "![here](dot.png) <img src='dot.png' alt='raw'> ![kept](attachment:a.png)\n\n![gone](gone.png) ![far](https://example.org/a.png) ![lost](attachment:b.png) ![text](00-first.ipynb)");
        text.Json["attachments"] = new JsonObject { ["a.png"] = new JsonObject { ["image/png"] = Dot } };
        var cell = notebook.Add(CellKind.Code, "Html");
        cell.ExecutionCount = 7;
        cell.Outputs.Add(new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/html"] = "<p onclick='x()'>own</p>" } });
        notebook.Save(path);
        var site = await Publisher.PublishAsync([path], Site, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(
        [
            "00-first: an output of cell [7] has a script; pages run none of a notebook's.",
            "00-first: Missing picture “gone”: gone.png (there is no such file).",
            "00-first: Missing picture “far”: https://example.org/a.png (it lies in a network, and a page loads nothing from there; save it beside the notebook).",
            "00-first: Missing picture “lost”: attachment:b.png (the cell has no such attachment).",
            "00-first: Missing picture “text”: 00-first.ipynb (it is no PNG, JPEG, GIF, WebP, AVIF or SVG file).",
        ], site.Warnings);
        var page = File.ReadAllText(site.Reports[0]);
        Assert.Equal(3, Regex.Count(page, Regex.Escape($"src=\"data:image/png;base64,{Dot}\"")));
        Assert.Contains("<span class=\"missing\">Missing picture “gone”: gone.png (there is no such file).</span>", page, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(page, "<img "));
    }

    [Fact]
    public async Task A_reduced_run_says_so_at_the_head_of_its_page_and_on_the_index_and_a_full_one_does_not()
    {
        var (small, whole) = (Write("00-small", 0), Write("01-whole", 0));
        foreach (var (path, text) in new[] { (small, "Reduced run: 1 of 3 seeds."), (whole, "Full size: 3 seeds.") })
        {
            var notebook = Notebook.Load(path);
            var cell = notebook.Add(CellKind.Code, "size");
            cell.ExecutionCount = 1;
            cell.Outputs.Add(new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/plain"] = text } });
            notebook.Save(path);
        }
        var site = await Publisher.PublishAsync([small, whole], Site, cancellation: TestContext.Current.CancellationToken);
        const string note = "<p class=\"warn\" role=\"note\">Reduced run: 1 of 3 seeds.</p>";
        Assert.Contains($"<main id=\"main\">{note}", File.ReadAllText(site.Reports[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"note\"", File.ReadAllText(site.Reports[1]), StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(File.ReadAllText(site.Index), Regex.Escape(note)));
    }

    [Fact]
    public async Task What_the_answer_cells_printed_stands_before_the_way_to_it()
    {
        var path = Write("00-first", 0);
        var notebook = Notebook.Load(path);
        notebook.Add(CellKind.Markdown, "## The way");
        var cell = notebook.Add(CellKind.Code, "42");
        cell.ExecutionCount = 1;
        cell.Metadata["tags"] = new JsonArray("answer");
        cell.Outputs.Add(new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/plain"] = "forty-two" } });
        notebook.Save(path);
        var site = await Publisher.PublishAsync([path], Site, cancellation: TestContext.Current.CancellationToken);
        var page = File.ReadAllText(site.Reports[0]);
        Assert.Equal(2, Regex.Count(page, "forty-two"));
        Assert.InRange(page.IndexOf("forty-two", StringComparison.Ordinal), 0, page.IndexOf("<h2 id=\"the-way\">", StringComparison.Ordinal));
    }

    private const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

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
