using System.Xml.Linq;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Tests.Engine;

namespace Rlef.Notebooks.Tests;

public sealed class LiveTrainingTests
{
    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private static Dictionary<string, double> Update(int update, double solved) => new()
    {
        ["update"] = update, ["solve_rate"] = solved, ["first_turn_pass_rate"] = 0.25, ["reward"] = -0.5, ["kl"] = 0.0125, ["entropy"] = 0.5, ["explained_variance"] = 0.3,
        ["generation_tokens_per_second"] = 1234, ["executions_per_second"] = 88,
    };

    [Fact]
    public void A_run_is_shown_once_a_second_and_at_its_end_with_the_time_that_is_left()
    {
        var (clock, shown) = (new Clock(), new List<LiveCurves>());
        var live = new LiveTraining("seed 1", 100, value => shown.Add((LiveCurves)value), clock);
        // The past of a run that goes on comes at once, and says nothing of the time.
        for (var update = 0; update < 10; update++) live.Report(Update(update, 0.1));
        Assert.Equal("seed 1: update 1 of 100, solved 10 %, first turn 25 %, reward -0.50, KL 0.013, entropy 0.50, EV 0.30, 1,234 tokens/s, 88 tests/s", Assert.Single(shown).ToPlainText());
        for (var update = 10; update < 14; update++)
        {
            clock.Now += TimeSpan.FromSeconds(0.5);
            live.Report(Update(update, 0.2));
        }
        Assert.Equal(3, shown.Count);
        Assert.StartsWith("seed 1: update 14 of 100, 1 min left, solved 20 %", shown[2].ToPlainText(), StringComparison.Ordinal);
        for (var update = 14; update < 100; update++) live.Report(Update(update, 1));
        Assert.Equal(4, shown.Count);
        Assert.StartsWith("seed 1: update 100 of 100, solved 100 %", shown[3].ToPlainText(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_curves_go_as_far_as_the_run_has_come_and_bound_their_points()
    {
        LiveCurves? shown = null;
        var live = new LiveTraining("seed 1", 4001, value => shown = (LiveCurves)value, new Clock());
        live.Report(Update(0, 0));
        var points = Points(shown!, 0);
        Assert.Equal((44.0, 132.0), Assert.Single(points));
        for (var update = 1; update < 4001; update++) live.Report(Update(update, update < 2000 ? 0 : 1));
        points = Points(shown!, 0);
        Assert.InRange(points.Count, 150, 300);
        // From the lower to the upper line, the whole width.
        Assert.Equal(((132.0, 22.0), 564.0), ((points[0].Y, points[^1].Y), points[^1].X));
        Assert.All(Points(shown!, 1), point => Assert.Equal(104.5, point.Y));
    }

    [Fact]
    public void An_update_that_played_nothing_is_a_line_of_what_it_has()
    {
        LiveCurves? shown = null;
        new LiveTraining("offline <1>", 2, value => shown = (LiveCurves)value).Report(new Dictionary<string, double> { ["update"] = 0, ["kl"] = 0.5 });
        Assert.Equal("offline <1>: update 1 of 2, KL 0.500", shown!.ToPlainText());
        Assert.Equal("<p>offline &lt;1&gt;: update 1 of 2, KL 0.500</p>", shown.ToHtml());
    }

    [Fact]
    public async Task A_notebook_keeps_the_last_state_as_a_drawing_and_as_text_though_it_began_with_a_word()
    {
        using var notebook = new TestNotebook(TestNotebook.Library + """

            var shown = LiveDisplay.Show("starting …");
            var live = new LiveTraining("seed 1", 2, shown.Update);
            for (var update = 0; update < 2; update++)
                live.Report(new Dictionary<string, double> { ["update"] = update, ["solve_rate"] = 0.5, ["first_turn_pass_rate"] = 0.25 });
            """);
        var output = Assert.Single((await notebook.RunWellAsync())[0].Outputs)!;
        Assert.Equal("display_data", output["output_type"]!.ToString());
        Assert.Equal(["text/html", "text/plain"], output["data"]!.AsObject().Select(format => format.Key));
        Assert.Equal("seed 1: update 2 of 2, solved 50 %, first turn 25 %", NotebookCell.Text(output["data"]!["text/plain"]));
        Assert.Contains("<polyline", NotebookCell.Text(output["data"]!["text/html"]), StringComparison.Ordinal);
    }

    private static List<(double X, double Y)> Points(LiveCurves shown, int line)
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var drawing = XElement.Parse($"<p>{shown.ToHtml()}</p>").Element(svg + "svg")!;
        return [.. drawing.Elements(svg + "polyline").ElementAt(line).Attribute("points")!.Value.Split(' ')
            .Select(point => point.Split(',')).Select(point => (double.Parse(point[0], System.Globalization.CultureInfo.InvariantCulture), double.Parse(point[1], System.Globalization.CultureInfo.InvariantCulture)))];
    }
}
