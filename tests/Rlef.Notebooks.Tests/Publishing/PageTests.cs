using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Publishing;
using Rlef.Notebooks.Tests.Figures;

namespace Rlef.Notebooks.Tests.Publishing;

/// <summary>A report as its reader has it: in a browser, wide and narrow, light and dark.</summary>
[Collection("plotly.js")]
public sealed class PageTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlef-page-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Browser.Find() is not { } program) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task Nothing_is_wider_than_the_window_and_no_interval_breaks(int width, ColorScheme scheme)
    {
        var page = await OpenAsync(notebook =>
        {
            notebook.Add(CellKind.Markdown, $"{new string('w', 300)}\n\n| {string.Join(" | ", Enumerable.Repeat("a long head", 30))} |\n|{string.Concat(Enumerable.Repeat("---|", 30))}\n");
            Output(notebook, "var " + new string('x', 400) + " = 1;", new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new string('-', 400) });
            var table = Rlef.Notebooks.Tables.OfEstimates("Solved", "arm", [.. Enumerable.Range(1, 12).Select(i => $"measure {i}")],
                [("an arm with a name of several words", [.. Enumerable.Repeat(new Estimate(0.123, 0.1, 0.2, Estimate.Share), 12)])]);
            Output(notebook, "table", new JsonObject { ["output_type"] = "execute_result", ["data"] = MimeBundle.Of(table).ToJson() });
            Output(notebook, "chart", new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { [FigureMarkup.MimeType] = StaticFiguresTests.Figure("an arm", string.Concat(Enumerable.Repeat("a long title ", 20))) } });
        }, width, scheme);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(await page.Locator("td.num").First.EvaluateAsync<bool>("cell => { const text = document.createRange(); text.selectNodeContents(cell); return text.getClientRects().length === 1; }"));
        // What is wider than its place can be scrolled; code wraps.
        Assert.True(await page.Locator("pre.stream").EvaluateAsync<bool>("output => output.scrollWidth > output.clientWidth && getComputedStyle(output).overflowX === 'auto'"));
        Assert.True(await page.Locator("details.code pre").First.EvaluateAsync<bool>("code => code.scrollWidth <= code.clientWidth"));
        await Assertions.Expect(page.Locator("figure figcaption")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("figure .js-plotly-plot")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Nothing_that_a_notebook_brings_along_runs()
    {
        const string attack = "<script>window.ran = true</script><img src=\"data:,\" onerror=\"window.ran = true\"><details open ontoggle=\"window.ran = true\"></details>";
        var page = await OpenAsync(notebook =>
        {
            notebook.Add(CellKind.Markdown, attack + " <a id=\"link\" href=\"javascript:window.ran=true\">link</a>");
            Output(notebook, "html", new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/html"] = attack + "<button id=\"press\" onclick=\"window.ran = true\">press</button>" } });
            Output(notebook, "svg", new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["image/svg+xml"] = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\" onload=\"window.parent.ran = true\"><script>window.ran = true</script></svg>" } });
        });
        await page.Locator("#press").ClickAsync();
        await page.Locator("#link").ClickAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.ran === undefined"));
        // The page's own script does.
        await page.Locator("#toggle-code").ClickAsync();
        await Assertions.Expect(page.Locator("details.code[open]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_long_output_opens()
    {
        var page = await OpenAsync(notebook => Output(notebook, "print", new JsonObject
        {
            ["output_type"] = "stream", ["name"] = "stdout", ["text"] = string.Concat(Enumerable.Range(1, 100).Select(i => $"\u001b[32mline {i}\u001b[0m\n")),
        }));
        var last = page.GetByText("line 100");
        await Assertions.Expect(last).ToBeHiddenAsync();
        await page.GetByText("70 more lines").ClickAsync();
        await Assertions.Expect(last).ToBeVisibleAsync();
        await Assertions.Expect(last).ToHaveCSSAsync("color", "rgb(17, 99, 41)");
    }

    private async Task<IPage> OpenAsync(Action<Notebook> fill, int width = 1200, ColorScheme scheme = ColorScheme.Light)
    {
        Needs.Browser();
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Markdown, "# A title");
        fill(notebook);
        var path = Path.Combine(_folder.FullName, "page.ipynb");
        notebook.Save(path);
        var site = await Publisher.PublishAsync([path], Path.Combine(_folder.FullName, "site"), cancellation: TestContext.Current.CancellationToken);
        var page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme, Offline = true });
        await page.GotoAsync(new Uri(site.Reports[0]).AbsoluteUri);
        return page;
    }

    private static void Output(Notebook notebook, string source, JsonObject output)
    {
        var cell = notebook.Add(CellKind.Code, source);
        cell.ExecutionCount = 1;
        cell.Outputs.Add(output);
    }
}
