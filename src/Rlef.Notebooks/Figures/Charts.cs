using Plotly.NET.CSharp;
using Rlef.Execution;
using Chart = Plotly.NET.CSharp.Chart;
using Color = Plotly.NET.Color;
using GenericChart = Plotly.NET.GenericChart;
using PlotlyObject = DynamicObj.DynamicObj;
using StyleParam = Plotly.NET.StyleParam;

namespace Rlef.Notebooks;

/// <summary>
/// The figures the notebooks share. Every axis has a title with its unit, every estimate its 95 % interval, and an arm keeps its
/// colour and marker from notebook to notebook (<see cref="Palette"/>).
/// </summary>
public static class Charts
{
    private static readonly StyleParam.MarkerSymbol[] Symbols =
    [
        StyleParam.MarkerSymbol.Circle, StyleParam.MarkerSymbol.Square, StyleParam.MarkerSymbol.Diamond,
        StyleParam.MarkerSymbol.Cross, StyleParam.MarkerSymbol.TriangleUp,
    ];

    /// <summary>A value over updates, a line an arm with its 95 % band.</summary>
    /// <param name="baseline">A level to compare with, drawn as a dashed line.</param>
    public static GenericChart LearningCurves(
        string title, string xTitle, string yTitle, IEnumerable<Curve> curves, (string Name, double Level)? baseline = null)
    {
        var parts = new List<GenericChart>();
        var drawn = curves.ToList();
        // A line through one point would not be seen.
        foreach (var (curve, color) in drawn.Zip(Palette.Distinct([.. drawn.Select(curve => curve.Arm)])))
            parts.AddRange([Band(curve, color), Line(curve, color, markers: curve.X.Count == 1)]);
        if (baseline is { } level) parts.Add(Baseline(level.Name, level.Level, [.. drawn.SelectMany(curve => curve.X)]));
        return OverNumbers(Finish(Combined(parts), title, xTitle, yTitle), drawn);
    }

    /// <summary>What one run measured over its updates, a line a series: each value faint, and above it the mean of the last few. A run alone has no interval.</summary>
    /// <param name="series">Name, colour as <c>#rrggbb</c>, updates and their values.</param>
    /// <param name="shares">Whether the values are shares, shown in per cent.</param>
    /// <param name="window">Updates that the mean is over.</param>
    public static GenericChart OverUpdates(
        string title, string yTitle, IEnumerable<(string Name, string Color, IReadOnlyList<double> Updates, IReadOnlyList<double> Values)> series, bool shares = false, int window = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var parts = new List<GenericChart>();
        var drawn = series.ToList();
        foreach (var (name, color, updates, values) in drawn)
        {
            var faint = Chart.Line<double, double, string>(
                updates, values, Name: $"{name}, each update", ShowLegend: false, LineWidth: 1, LineColor: Color.fromString(Palette.Translucent(color, 0.35)), UseDefaults: false)
                .WithTraceInfo(LegendGroup: name);
            faint.GetTraces()[0].SetProperty("hoverinfo", "skip");
            double[] means = [.. values.Select((_, i) => values.Take(i + 1).TakeLast(window).Average())];
            parts.AddRange([faint, Chart.Line<double, double, string>(
                updates, means, ShowMarkers: values.Count == 1, Name: name, LineColor: Color.fromHex(color), LineWidth: 2.5, MarkerColor: Color.fromHex(color), UseDefaults: false)
                .WithTraceInfo(LegendGroup: name)]);
        }
        // Of these there are many on a page, two beside each other.
        var chart = WholeTicks(Finish(Combined(parts), title, "update", yTitle).WithSize(Width: 600, Height: 340), [.. drawn.SelectMany(one => one.Updates)]);
        return shares ? Percent(chart) : chart;
    }

    /// <summary>A value at a few points of an axis, such as turn limits: a line an arm with 95 % error bars.</summary>
    public static GenericChart Lines(
        string title, string xTitle, string yTitle, IEnumerable<Curve> curves, (string Name, double Level)? baseline = null)
    {
        var drawn = curves.ToList();
        List<GenericChart> parts = [.. drawn.Zip(Palette.Distinct([.. drawn.Select(curve => curve.Arm)]), (curve, color) => WithErrorBars(Line(curve, color, markers: true), curve.Y, color))];
        if (baseline is { } level) parts.Add(Baseline(level.Name, level.Level, [.. drawn.SelectMany(curve => curve.X)]));
        return OverNumbers(Finish(Combined(parts), title, xTitle, yTitle), drawn);
    }

    /// <summary>Groups of bars, one bar an arm in each, with 95 % error bars.</summary>
    /// <param name="groups">The names under the groups.</param>
    /// <param name="arms">Each arm's value in each group.</param>
    public static GenericChart GroupedBars(
        string title, string xTitle, string yTitle, IReadOnlyList<string> groups, IEnumerable<(string Arm, IReadOnlyList<Estimate> Values)> arms)
    {
        var drawn = arms.ToList();
        var colors = Palette.Distinct([.. drawn.Select(arm => arm.Arm)]);
        var chart = Combined([.. drawn.Select((arm, i) => WithErrorBars(
            Chart.Column<double, string, string>(
                [.. arm.Values.Select(value => value.Value)], Keys: new Optional<IEnumerable<string>>(groups, true), Name: arm.Arm,
                MarkerColor: Color.fromHex(colors[i]), UseDefaults: false),
            arm.Values, "#888888"))]);
        chart.GetLayout().SetProperty("barmode", "group");
        return Categories(Shares(Finish(chart, title, xTitle, yTitle), drawn.SelectMany(arm => arm.Values)));
    }

    /// <summary>How verdicts share out in each group, stacked to one.</summary>
    /// <param name="groups">The names under the columns.</param>
    /// <param name="counts">How often each group got each verdict; groups without verdicts stay empty.</param>
    public static GenericChart StackedVerdicts(
        string title, string xTitle, IReadOnlyList<string> groups, IReadOnlyList<IReadOnlyDictionary<VerdictKind, int>> counts)
    {
        if (groups.Count != counts.Count) throw new ArgumentException($"There are {groups.Count} groups and {counts.Count} counts.", nameof(counts));
        var kinds = Enum.GetValues<VerdictKind>().Where(kind => counts.Any(count => count.GetValueOrDefault(kind) > 0));
        var chart = Combined([.. kinds.Select(kind => Chart.StackedColumn<double, string, string>(
            [.. counts.Select(count => count.GetValueOrDefault(kind) / Math.Max(1.0, count.Values.Sum()))],
            Keys: new Optional<IEnumerable<string>>(groups, true), Name: kind.ToString(), MarkerColor: Color.fromHex(Palette.OfVerdict(kind)), UseDefaults: false))]);
        return Categories(Percent(Finish(chart, title, xTitle, "share of programs")));
    }

    private static GenericChart OverNumbers(GenericChart chart, IReadOnlyList<Curve> curves) =>
        Shares(WholeTicks(chart, [.. curves.SelectMany(curve => curve.X)]), curves.SelectMany(curve => curve.Y));

    // Between counts there is nothing: over a short axis plotly.js would put ticks at halves.
    private static GenericChart WholeTicks(GenericChart chart, IReadOnlyList<double> x)
    {
        if (x.Count > 0 && x.All(double.IsInteger) && x.Max() - x.Min() <= 10) Axis(chart, "xaxis").SetProperty("dtick", 1);
        return chart;
    }

    private static GenericChart Shares(GenericChart chart, IEnumerable<Estimate> values) => values.Any() && values.All(value => value.IsShare) ? Percent(chart) : chart;

    private static GenericChart Percent(GenericChart chart)
    {
        var axis = Axis(chart, "yaxis");
        axis.SetProperty("tickformat", ",.2~%");
        axis.SetProperty("hoverformat", ".1%");
        return chart;
    }

    private static PlotlyObject Axis(GenericChart chart, string name) => (PlotlyObject)chart.GetLayout().TryGetPropertyValue(name).Value;

    // Without it plotly.js takes names such as "1" for numbers.
    private static GenericChart Categories(GenericChart chart) =>
        chart.WithXAxisStyle<double, double, string>(AxisType: StyleParam.AxisType.Category);

    private static GenericChart Line(Curve curve, string hex, bool markers)
    {
        var color = Color.fromHex(hex);
        return Chart.Line<double, double, string>(
            curve.X, [.. curve.Y.Select(value => value.Value)], ShowMarkers: markers, Name: curve.Arm, LineColor: color, LineWidth: 2.5,
            MarkerColor: color, MarkerSymbol: Symbols[Palette.Hash(curve.Arm) % (uint)Symbols.Length], UseDefaults: false)
            .WithTraceInfo(LegendGroup: curve.Arm);
    }

    private static GenericChart Band(Curve curve, string color)
    {
        var chart = Chart.Line<double, double, string>(
            [.. curve.X, .. curve.X.Reverse()],
            [.. curve.Y.Select(value => value.High), .. curve.Y.Reverse().Select(value => value.Low)],
            Name: $"{curve.Arm}, 95 %", ShowLegend: false, LineWidth: 0, Fill: StyleParam.Fill.ToSelf,
            FillColor: Color.fromString(Palette.Translucent(color, 0.18)), UseDefaults: false)
            .WithTraceInfo(LegendGroup: curve.Arm);
        chart.GetTraces()[0].SetProperty("hoverinfo", "skip");
        return chart;
    }

    private static GenericChart Baseline(string name, double level, IReadOnlyList<double> x) =>
        Chart.Line<double, double, string>(
            x.Count > 0 ? [x.Min(), x.Max()] : [0, 1], [level, level], Name: name, LineColor: Color.fromHex("#666666"), LineWidth: 1.5,
            LineDash: StyleParam.DrawingStyle.Dash, UseDefaults: false);

    // Of nothing, a figure without lines.
    private static GenericChart Combined(IReadOnlyList<GenericChart> parts) =>
        Chart.Combine(parts.Count > 0 ? parts : [Chart.Line<double, double, string>([], [], ShowLegend: false, UseDefaults: false)]);

    private static GenericChart WithErrorBars(GenericChart chart, IReadOnlyList<Estimate> values, string color)
    {
        chart.GetTraces()[0].SetProperty("error_y", new Dictionary<string, object>
        {
            ["type"] = "data", ["symmetric"] = false, ["color"] = color, ["thickness"] = 1.5, ["width"] = 4,
            ["array"] = values.Select(value => value.High - value.Value).ToArray(),
            ["arrayminus"] = values.Select(value => value.Value - value.Low).ToArray(),
        });
        return chart;
    }

    private static GenericChart Finish(GenericChart chart, string title, string xTitle, string yTitle)
    {
        chart = chart
            .WithXAxisStyle<double, double, string>(TitleText: xTitle)
            .WithYAxisStyle<double, double, string>(TitleText: yTitle)
            .WithLegendStyle(Orientation: StyleParam.Orientation.Horizontal, X: 0.0, Y: 1.02, YAnchor: StyleParam.YAnchorPosition.Bottom)
            .WithSize(Height: 450);
        var layout = chart.GetLayout();
        layout.SetProperty("title", new Dictionary<string, object> { ["text"] = title, ["x"] = 0, ["xref"] = "paper" });
        layout.SetProperty("margin", new Dictionary<string, object> { ["l"] = 70, ["r"] = 20, ["t"] = 90, ["b"] = 60 });
        return chart;
    }
}
