using System.Text.Json.Nodes;
using Plotly.NET;
using Rlef.Execution;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Figures;

namespace Rlef.Notebooks.Tests.Figures;

[Collection("plotly.js")]
public sealed class ChartsTests
{
    private static readonly Curve Real = Curve.OverSeeds("real feedback", [0, 10], [[1, 4], [2, 4], [3, 4]]);
    private static readonly Curve Random = new("random feedback", [0, 10], [new Estimate(0.5, 0.25, 1), new Estimate(1, 0.5, 1.75)]);

    [Fact]
    public void The_interval_over_seeds_is_students()
    {
        // t(0.975, 2) = 4.30265; the seeds 1, 2, 3 have deviation 1, the half width is 4.30265 / √3 = 2.48414.
        Assert.Equal((2, 2 - 2.48414, 2 + 2.48414), (Real.Y[0].Value, Math.Round(Real.Y[0].Low, 5), Math.Round(Real.Y[0].High, 5)));
        Assert.Equal((4, 4, 4), (Real.Y[1].Value, Real.Y[1].Low, Real.Y[1].High));
        var single = Curve.OverSeeds("a", [0], [[7]]).Y[0];
        Assert.Equal((7, 7, 7), (single.Value, single.Low, single.High));
        Assert.Contains("2 values, found 2, 1", Assert.Throws<ArgumentException>(() => Curve.OverSeeds("a", [0, 1], [[1, 2], [1]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learning_curves_have_a_band_around_each_line_and_titled_axes()
    {
        var figure = Json(Charts.LearningCurves("Solved", "update", "share solved (1@3)", [Real, Random], ("base", 0.2)));
        var data = figure["data"]!.AsArray();
        Assert.Equal(["real feedback, 95 %", "real feedback", "random feedback, 95 %", "random feedback", "base"], data.Select(trace => trace!["name"]!.ToString()));
        Assert.Equal([0, 10, 10, 0], Numbers(data[2]!["x"]));
        Assert.Equal([1, 1.75, 0.5, 0.25], Numbers(data[2]!["y"]));
        Assert.Equal("toself", data[2]!["fill"]!.ToString());
        Assert.False(data[2]!["showlegend"]!.GetValue<bool>());
        Assert.Equal(Written(Palette.OfArm("random feedback")), data[3]!["line"]!["color"]!.ToString());
        Assert.Equal([0.2, 0.2], Numbers(data[4]!["y"]));
        Assert.Equal("dash", data[4]!["line"]!["dash"]!.ToString());
        Assert.Equal("update", figure["layout"]!["xaxis"]!["title"]!["text"]!.ToString());
        Assert.Equal("share solved (1@3)", figure["layout"]!["yaxis"]!["title"]!["text"]!.ToString());
        Assert.Equal("Solved", figure["layout"]!["title"]!["text"]!.ToString());
    }

    [Fact]
    public void Of_nothing_there_is_an_empty_figure()
    {
        foreach (var chart in new[]
        {
            Charts.LearningCurves("t", "x", "y", []), Charts.Lines("t", "x", "y", [], ("base", 0.2)), Charts.OverUpdates("t", "y", []), Charts.GroupedBars("t", "x", "y", ["a"], []),
            Charts.StackedVerdicts("t", "x", ["a"], [new Dictionary<VerdictKind, int>()]),
        })
            Assert.Equal("t", Json(chart)["layout"]!["title"]!["text"]!.ToString());
    }

    [Fact]
    public void What_cannot_be_drawn_is_named()
    {
        Assert.Contains("'a': 3 points need as many values, found 1", Assert.Throws<ArgumentException>(() => new Curve("a", [1, 2, 3], [new Estimate(1, 0, 2)])).Message, StringComparison.Ordinal);
        Assert.Contains("'red' is none of the form #rrggbb", Assert.Throws<ArgumentException>(() => Charts.OverUpdates("t", "y", [("a", "red", [1], [1])])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Charts.OverUpdates("t", "y", [], window: 0));
    }

    [Fact]
    public void Error_bars_reach_from_the_lower_to_the_upper_bound()
    {
        foreach (var trace in new[]
        {
            Json(Charts.Lines("t", "turn limit (turns)", "y", [Random]))["data"]![0]!,
            Json(Charts.GroupedBars("t", "x", "y", ["a", "b"], [("random feedback", Random.Y)]))["data"]![0]!,
        })
        {
            Assert.Equal([0.5, 1], Numbers(trace["y"]));
            Assert.Equal([0.5, 0.75], Numbers(trace["error_y"]!["array"]));
            Assert.Equal([0.25, 0.5], Numbers(trace["error_y"]!["arrayminus"]));
            Assert.Equal(Written(Palette.OfArm("random feedback")), trace["marker"]!["color"]!.ToString());
        }
        Assert.Equal("group", Json(Charts.GroupedBars("t", "x", "y", ["a"], [("r", [new Estimate(1, 0, 2)])]))["layout"]!["barmode"]!.ToString());
    }

    [Fact]
    public void Verdicts_are_stacked_as_shares_in_their_order()
    {
        var figure = Json(Charts.StackedVerdicts("t", "turn", ["1", "2", "none"],
        [
            new Dictionary<VerdictKind, int> { [VerdictKind.TimeLimit] = 1, [VerdictKind.Accepted] = 3 },
            new Dictionary<VerdictKind, int> { [VerdictKind.Accepted] = 2 },
            new Dictionary<VerdictKind, int>(),
        ]));
        Assert.Equal("stack", figure["layout"]!["barmode"]!.ToString());
        Assert.Equal("category", figure["layout"]!["xaxis"]!["type"]!.ToString());
        Assert.Equal(["Accepted", "TimeLimit"], figure["data"]!.AsArray().Select(trace => trace!["name"]!.ToString()));
        Assert.Equal([0.75, 1, 0], Numbers(figure["data"]![0]!["y"]));
        Assert.Equal([0.25, 0, 0], Numbers(figure["data"]![1]!["y"]));
    }

    [Fact]
    public void Counts_have_whole_ticks_and_shares_are_in_per_cent()
    {
        Curve Of(IReadOnlyList<double> x, string format) => Curve.OverSeeds("real", x, [[.. x.Select(_ => 0.5)]], format);
        Assert.Equal("1", Axis(Charts.LearningCurves("t", "update", "y", [Of([1, 2, 3], Estimate.Share)]), "xaxis", "dtick"));
        Assert.Null(Axis(Charts.Lines("t", "x", "y", [Of([0.5, 1], Estimate.Share)]), "xaxis", "dtick"));
        Assert.Null(Axis(Charts.Lines("t", "x", "y", [Of([1, 60], Estimate.Share)]), "xaxis", "dtick"));
        Assert.Equal(",.2~%", Axis(Charts.Lines("t", "x", "y", [Of([1, 2], Estimate.Share)]), "yaxis", "tickformat"));
        Assert.Null(Axis(Charts.Lines("t", "x", "y", [Of([1, 2], Estimate.Standard)]), "yaxis", "tickformat"));
        Assert.Equal(",.2~%", Axis(Charts.GroupedBars("t", "x", "y", ["a"], [("real", [new Estimate(0.5, 0.4, 0.6, "P1")])]), "yaxis", "tickformat"));
        Assert.Equal(",.2~%", Axis(Charts.StackedVerdicts("t", "x", ["1"], [new Dictionary<VerdictKind, int> { [VerdictKind.Accepted] = 1 }]), "yaxis", "tickformat"));
        var metrics = new[] { new Dictionary<string, double> { ["update"] = 4, ["solve_rate"] = 0.5, ["learning_rate"] = 0.1, ["kl"] = 1 } };
        Assert.Equal([true, false, false], new[] { "solve_rate", "learning_rate", "kl" }.Select(name => Curves.OfMetric("a", name, [metrics]).Y[0].IsShare));
        // Of a run that was trained elsewhere no update is known.
        Assert.Equal([5], Curves.OfMetric("a", "kl", [[], metrics]).X);
        Assert.Empty(Curves.OfMetric("a", "kl", [[]]).X);

        static string? Axis(GenericChart chart, string axis, string name) => Json(chart)["layout"]![axis]![name]?.ToString();
    }

    [Fact]
    public void A_curve_of_one_point_is_a_marker()
    {
        string Mode(params double[] x) => Json(Charts.LearningCurves("t", "x", "y", [Curve.OverSeeds("real", x, [x])]))["data"]![1]!["mode"]!.ToString();
        Assert.Equal(("lines+markers", "lines"), (Mode(1), Mode(1, 2)));
    }

    [Fact]
    public void An_arm_has_one_colour_whatever_the_case_and_the_known_arms_of_a_figure_differ()
    {
        Assert.Equal(Palette.OfArm("Real feedback"), Palette.OfArm(" real feedback "));
        Assert.Equal(Palette.OfArm("an arm of my own"), Palette.OfArm("an arm of my own"));
        foreach (var figure in new string[][] { ["base", "real feedback", "random feedback", "no feedback", "shuffled feedback", "independent samples"], ["binary", "coarse", "fine", "adaptive", "all together", "base"] })
            Assert.Equal(figure.Length, figure.Select(Palette.OfArm).Distinct().Count());
        Assert.Equal(Enum.GetValues<VerdictKind>().Length, Enum.GetValues<VerdictKind>().Select(Palette.OfVerdict).Distinct().Count());
    }

    [Fact]
    public void Arms_of_one_figure_keep_their_colours_where_these_differ_and_else_take_a_free_one()
    {
        var same = Enumerable.Range(0, 100).Select(i => $"arm {i}").GroupBy(Palette.OfArm).First(arms => arms.Count() > 2).Take(3).ToList();
        var colours = Palette.Distinct([.. same, "real feedback"]);
        Assert.Equal(Palette.OfArm(same[0]), colours[0]);
        Assert.Equal(4, colours.Distinct().Count());
        Assert.Equal([Palette.OfArm("real feedback"), Palette.OfArm("random feedback")], Palette.Distinct(["real feedback", "random feedback"]));
        Assert.Equal(20, Palette.Distinct([.. Enumerable.Range(0, 20).Select(i => $"arm {i}")]).Count);
    }

    [Fact]
    public void A_run_is_drawn_update_by_update_with_the_mean_of_the_last_few_above()
    {
        var figure = Json(Charts.OverUpdates("t", "y", [("solved", "#0072B2", [1, 2, 3], [0, 0.5, 1])], shares: true, window: 2));
        var (faint, means) = (figure["data"]![0]!, figure["data"]![1]!);
        Assert.Equal([0, 0.5, 1], Numbers(faint["y"]));
        Assert.Equal(("solved, each update", false), (faint["name"]!.ToString(), faint["showlegend"]!.GetValue<bool>()));
        Assert.Equal([0, 0.25, 0.75], Numbers(means["y"]));
        Assert.Equal(("solved", "lines", Written("#0072B2")), (means["name"]!.ToString(), means["mode"]!.ToString(), means["line"]!["color"]!.ToString()));
        Assert.Equal(("update", ",.2~%"), (figure["layout"]!["xaxis"]!["title"]!["text"]!.ToString(), figure["layout"]!["yaxis"]!["tickformat"]!.ToString()));
    }

    [Fact]
    public async Task A_chart_in_a_notebook_is_a_bundle_with_json_html_and_a_static_image()
    {
        Needs.Browser();
        var folder = Directory.CreateTempSubdirectory("rlef-charts-");
        try
        {
            var notebook = Notebook.Create();
            notebook.Add(CellKind.Code, $$"""
                #r "{{typeof(Charts).Assembly.Location}}"
                using Rlef.Notebooks;
                Charts.Lines("Solved", "turn limit (turns)", "share", [Curve.OverSeeds("real feedback", [1, 2, 3], [[0.1, 0.2, 0.3], [0.2, 0.3, 0.5]])])
                """);
            var path = Path.Combine(folder.FullName, "charts.ipynb");
            notebook.Save(path);
            var run = await NotebookRunner.RunAsync(path, cancellation: TestContext.Current.CancellationToken);
            Assert.True(run.Succeeded, string.Join('\n', run.Error?.Traceback ?? []));
            Assert.Null(run.Notice);
            var data = Notebook.Load(path).Cells[0].Outputs.Single()!["data"]!.AsObject();
            Assert.Equal(["application/vnd.plotly.v1+json", "image/svg+xml", "text/html", "text/plain"], data.Select(entry => entry.Key).Order());
            Assert.StartsWith("<svg", NotebookCell.Text(data["image/svg+xml"]), StringComparison.Ordinal);
            Assert.Contains("yerror", NotebookCell.Text(data["image/svg+xml"]), StringComparison.Ordinal);
            Assert.Contains("<img src=\"data:image/svg+xml;base64,", NotebookCell.Text(data["text/html"]), StringComparison.Ordinal);
            Assert.Contains("Plotly.newPlot", NotebookCell.Text(data["text/html"]), StringComparison.Ordinal);
            Assert.Equal("Figure: Solved; share over turn limit (turns); real feedback", NotebookCell.Text(data["text/plain"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_browser_a_figure_stays_and_a_notice_says_so()
    {
        var notebook = Notebook.Create();
        var cell = notebook.Add(CellKind.Code, "chart");
        cell.Outputs.Add(new JsonObject
        {
            ["output_type"] = "display_data", ["data"] = new JsonObject { [FigureMarkup.MimeType] = StaticFiguresTests.Figure("a", Guid.NewGuid().ToString()) },
        });
        var before = Environment.GetEnvironmentVariable(Browser.Variable);
        Environment.SetEnvironmentVariable(Browser.Variable, "/nonexistent/chromium");
        try
        {
            var notice = await NotebookFigures.AddImagesAsync(notebook, TestContext.Current.CancellationToken);
            Assert.StartsWith("figures have no static image: ", notice, StringComparison.Ordinal);
            Assert.False(cell.Outputs[0]!["data"]!.AsObject().ContainsKey("image/svg+xml"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Browser.Variable, before);
        }
    }

    // Plotly.NET writes every colour with its opacity.
    private static string Written(string hex)
    {
        var rgb = Convert.FromHexString(hex.AsSpan(1));
        return $"rgba({rgb[0]}, {rgb[1]}, {rgb[2]}, 1.0)";
    }

    private static JsonNode Json(GenericChart chart) => JsonNode.Parse(GenericChart.toJson(chart))!;

    private static IEnumerable<double> Numbers(JsonNode? array) => array!.AsArray().Select(number => number!.GetValue<double>());
}
