using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Analysis;
using Microsoft.Playwright;
using Rlef.Evaluation;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Tests.Figures;

namespace Rlef.Notebooks.Tests.Runs;

[Collection("plotly.js")]
public sealed class RunReportTests : IDisposable
{
    private readonly RunFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task A_run_is_a_page_that_draws_its_curves_asks_for_nothing_and_folds_its_dialogues(int width, ColorScheme scheme)
    {
        Needs.Browser();
        var run = _runs.Write("mine", 30, TrainingConfig.Nano with { Updates = 30, LearningRate = 0.5 }, "<script>window.ran = true</script> & ```python\nprint('<b>')\n```");
        new RunResults(7, new(new(0.1, 0, 0.2), new(0.2, 0.1, 0.3), new(0.3, 0.2, 0.4)), new(new(0.4, 0, 1), new(0.5, 0, 1), new(0.6, 0.5, 0.7)), new(new(0.3, 0.1, 0.5), new(0.3, -0.1, 0.7), new(0.3, 0.2, 0.4))).Save(run);
        var report = await RunReport.WriteAsync([run], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((_runs.Path("mine", "report.html"), _runs.Path("mine", "metrics.csv"), null), (report.Page, report.Metrics, report.Notice));

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Browser.Find(), Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, Offline = true });
        var (faults, requests) = (new List<string>(), new List<string>());
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, message) => faults.Add($"{message.Type}: {message.Text}");
        page.Request += (_, request) => requests.Add(request.Url);
        await page.GotoAsync(new Uri(report.Page).AbsoluteUri);

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Run mine");
        Assert.Equal(["Recipe", "Held-out problems", "Learning", "Policy", "Critic", "Dialogues", "Speed", "What was said"], await page.Locator("h2").AllTextContentsAsync());
        Assert.Equal(await page.Locator("h2").CountAsync() + 1, await page.Locator("nav a").CountAsync());
        await Assertions.Expect(page.Locator("figure .js-plotly-plot .main-svg >> nth=0")).ToBeVisibleAsync();
        Assert.Equal(13, await page.Locator("figure .js-plotly-plot").CountAsync());
        Assert.Equal(13, await page.Locator("figure").CountAsync());
        await Assertions.Expect(page.GetByText("60.0% [50.0%, 70.0%]")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("+30.0 (−10.0 to +70.0)")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("0123456789")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("td", new() { HasText = "numpy 2.0" })).ToBeVisibleAsync();
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        Assert.Equal([$"{TrainingConfig.Nano.LearningRate}", "0.5"], await page.Locator("tr", new() { HasText = "learning_rate" }).First.Locator("td").AllTextContentsAsync());
        var recipe = page.GetByText("\"problems_per_update\": 128");
        await Assertions.Expect(recipe).ToBeHiddenAsync();
        await page.GetByText("mine: the whole recipe").ClickAsync();
        await Assertions.Expect(recipe).ToBeVisibleAsync();

        var dialogues = page.Locator("details.dialogues");
        Assert.Equal(20, await dialogues.CountAsync());
        await Assertions.Expect(dialogues.First.Locator("summary")).ToHaveTextAsync("Update 30: 2 dialogues, 1 solved");
        await Assertions.Expect(dialogues.Last.Locator("summary")).ToHaveTextAsync("Update 1: 2 dialogues, 1 solved");
        await dialogues.First.Locator("summary").ClickAsync();
        await Assertions.Expect(dialogues.First.GetByText("✓ private: Accepted")).ToBeVisibleAsync();
        await Assertions.Expect(dialogues.First.GetByText("✗ public: no program")).ToBeVisibleAsync();
        await Assertions.Expect(dialogues.First.GetByText("print('<b>')").First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.ran === undefined"));
        Assert.Empty(faults);
        Assert.DoesNotContain(requests, url => !url.StartsWith("file:", StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_runs_lie_over_each_other_each_in_a_colour_of_its_own_and_one_table_says_how_they_differ()
    {
        Needs.Browser();
        string[] names = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
        var report = await RunReport.WriteAsync([.. names.Select((name, i) => _runs.Write(name, 3, TrainingConfig.Nano with { Updates = 5, Seed = (ulong)(i + 1) }))], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((_runs.Path("report.html"), _runs.Path("metrics.csv")), (report.Page, report.Metrics));
        var html = await File.ReadAllTextAsync(report.Page, TestContext.Current.CancellationToken);
        var solved = Regex.Matches(html, "<script type=\"application/json\">(?<json>.*?)</script>").Select(match => JsonNode.Parse(match.Groups["json"].Value)!)
            .First(figure => figure["layout"]!["title"]!["text"]!.ToString() == "Episodes that reach their goal: solved");
        var lines = solved["data"]!.AsArray().Where(trace => trace!["showlegend"] is null).ToList();
        Assert.Equal(names, lines.Select(trace => trace!["name"]!.ToString()));
        Assert.Equal(8, lines.Select(trace => trace!["line"]!["color"]!.ToString()).Distinct().Count());
        Assert.Contains("eight: 3 of 5 updates so far.", html, StringComparison.Ordinal);
        Assert.Matches("(?s)<th[^>]*>seed</th>.*<td[^>]*>8</td>", html[html.IndexOf("Settings that are not", StringComparison.Ordinal)..]);
        var frame = DataFrame.LoadCsv(report.Metrics);
        Assert.Equal(("run", "update", 24), (frame.Columns[0].Name, frame.Columns[1].Name, (int)frame.Rows.Count));
        Assert.Equal(["one", "two"], new[] { frame["run"][2].ToString()!, frame["run"][3].ToString()! });
    }

    [Fact]
    public async Task Metrics_are_read_back_from_the_csv_as_they_were_whatever_the_culture()
    {
        var run = _runs.Write("mine", 3);
        RunDirectory.Append(Path.Combine(run, "metrics.jsonl"), new Dictionary<string, double> { ["update"] = 3, ["kl"] = 1e-300, ["late"] = 0.1 });
        var culture = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            await RunReport.WriteAsync([run], _runs.Path("other", "page.html"), TestContext.Current.CancellationToken);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        var rows = (await File.ReadAllLinesAsync(_runs.Path("other", "page.metrics.csv"), TestContext.Current.CancellationToken)).Select(line => line.Split(',')).ToList();
        Assert.Equal("update", rows[0][0]);
        var expected = RunDirectory.Open(run).ReadMetrics();
        Assert.Equal(expected.Count + 1, rows.Count);
        for (var update = 0; update < expected.Count; update++)
            Assert.Equal(expected[update].ToDictionary(), rows[0].Zip(rows[update + 1]).Where(cell => cell.Second.Length > 0).ToDictionary(cell => cell.First, cell => double.Parse(cell.Second, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_run_that_played_nothing_and_kept_no_dialogue_has_a_page_of_what_it_has()
    {
        var run = _runs.Write("offline", 2, without: ["solve_rate", "first_turn_pass_rate", "public_pass_rate", "turns", "response_tokens", "explained_variance", "executions_per_second", "verdict_accepted", "verdict_wronganswer", "verdict_timelimit"]);
        File.Delete(Path.Combine(run, "episodes.jsonl"));
        File.Delete(Path.Combine(run, "environments.jsonl"));
        var report = await RunReport.WriteAsync([run], cancellation: TestContext.Current.CancellationToken);
        var html = await File.ReadAllTextAsync(report.Page, TestContext.Current.CancellationToken);
        Assert.Contains("The run kept no dialogues.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Critic</h2>", html, StringComparison.Ordinal);
        Assert.Contains("Entropy of the next token", html, StringComparison.Ordinal);
        Assert.Contains("No setting differs from the nano preset", (await PageAsync(_runs.Write("preset", 1, TrainingConfig.Nano))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_run_went_on_with_another_revision_its_page_says_so()
    {
        var run = _runs.Write("continued", 8);
        await File.AppendAllTextAsync(Path.Combine(run, "environments.jsonl"), """
            {"update":3,"environment":{"revision":"abcdef0123","cores":2}}
            {"update":6,"environment":{"revision":"abcdef0123","cores":16}}

            """, TestContext.Current.CancellationToken);
        var html = await PageAsync(run);
        Assert.Contains("0123456789; from update 4 on abcdef0123<", html, StringComparison.Ordinal);
        Assert.Contains("2; from update 7 on 16<", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_sweep_scored_is_a_table()
    {
        var run = _runs.Write("swept", 1);
        await File.WriteAllTextAsync(Path.Combine(run, "evaluation-random-3-1-0123456789ab.json"),
            """[{"Problem":"a","Cluster":"a","Turns":["WrongAnswer","Accepted"],"Private":"Accepted"},{"Problem":"b","Cluster":"b","Turns":[null,null,null],"Private":null}]""", TestContext.Current.CancellationToken);
        var html = await PageAsync(run);
        Assert.Contains("as the sweep scored them", html, StringComparison.Ordinal);
        Assert.Matches("<td class=\"text\">random</td><td class=\"num\">3</td><td class=\"num\">0.0% .*</td><td class=\"num\">50.0% ", html);
    }

    [Fact]
    public async Task What_is_no_run_is_refused_by_name_and_left_as_it_is()
    {
        await RefusedAsync<DirectoryNotFoundException>([_runs.Path("nowhere")], "nowhere: there is no such folder");
        Directory.CreateDirectory(_runs.Path("empty"));
        await RefusedAsync<InvalidDataException>([_runs.Path("empty")], "empty holds no run");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_runs.Path("empty")));
        await RefusedAsync<InvalidDataException>([_runs.Write("fresh", 0)], "the run has no update yet");
        var run = _runs.Write("mine", 2);
        await RefusedAsync<ArgumentException>([run, _runs.Path("mine") + "/"], "is given twice");
        await DamagedAsync("metrics.jsonl", "{\"kl\": 1}\n", "metrics.jsonl, line 3: 'update' is missing.");
        await DamagedAsync("metrics.jsonl", "{\"update\": 2, \"kl\": }\n", "metrics.jsonl, line 3: '}' where a value should begin.");
        await DamagedAsync("episodes.jsonl", "{\"update\": 1}\n", "episodes.jsonl, line 5: ");
        await DamagedAsync("config.json", "{", "config.json: ");
        await DamagedAsync("results.json", "{}", "results.json: ");
        // What is still being written is not there yet.
        await File.AppendAllTextAsync(Path.Combine(run, "metrics.jsonl"), "{\"update\": 2, \"k", TestContext.Current.CancellationToken);
        await PageAsync(run);
        Assert.Equal(3, File.ReadLines(Path.Combine(run, "metrics.csv")).Count());

        async Task DamagedAsync(string name, string text, string message)
        {
            var path = Path.Combine(run, name);
            var before = File.Exists(path) ? await File.ReadAllTextAsync(path) : null;
            await File.AppendAllTextAsync(path, text);
            await RefusedAsync<InvalidDataException>([run], message);
            if (before is null) File.Delete(path);
            else await File.WriteAllTextAsync(path, before);
        }
    }

    private static async Task RefusedAsync<T>(string[] runs, string message) where T : Exception =>
        Assert.Contains(message, (await Assert.ThrowsAsync<T>(() => RunReport.WriteAsync(runs, cancellation: TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);

    private static async Task<string> PageAsync(string run) =>
        await File.ReadAllTextAsync((await RunReport.WriteAsync([run], cancellation: TestContext.Current.CancellationToken)).Page, TestContext.Current.CancellationToken);
}
