namespace Plotly.NET.CSharp;

/// <summary>Styles a chart, call after call.</summary>
public static class GenericChartExtensions
{
    public static Layout GetLayout(this GenericChart gChart) => GenericChart.getLayout(gChart);

    public static Trace[] GetTraces(this GenericChart gChart) => [.. GenericChart.getTraces(gChart)];

    public static GenericChart WithTraceInfo(
        this GenericChart gChart,
        Optional<string> Name = default,
        Optional<bool> ShowLegend = default,
        Optional<int> LegendRank = default,
        Optional<string> LegendGroup = default)
    {
        var traces = gChart.GetTraces();
        for (var i = 0; i < traces.Length; i++)
        {
            if (Name.IsSome) traces[i].SetValue("name", traces.Length == 1 ? Name.Value : $"{Name.Value}_{i}");
            traces[i].Set("showlegend", ShowLegend);
            traces[i].Set("legendrank", LegendRank);
            traces[i].Set("legendgroup", LegendGroup);
        }
        return gChart;
    }

    public static GenericChart WithSize(this GenericChart gChart, Optional<int> Width = default, Optional<int> Height = default)
    {
        gChart.GetLayout().Set("width", Width);
        gChart.GetLayout().Set("height", Height);
        return gChart;
    }

    public static GenericChart WithXAxisStyle<MinType, MaxType, CategoryArrayType>(
        this GenericChart gChart,
        Optional<string> TitleText = default,
        Optional<StyleParam.AxisType> AxisType = default,
        Optional<Tuple<MinType, MaxType>> MinMax = default,
        Optional<bool> ZeroLine = default)
        where MinType : IConvertible
        where MaxType : IConvertible
        where CategoryArrayType : IConvertible =>
        StyleAxis(gChart, "xaxis", TitleText, AxisType, MinMax, ZeroLine);

    public static GenericChart WithYAxisStyle<MinType, MaxType, CategoryArrayType>(
        this GenericChart gChart,
        Optional<string> TitleText = default,
        Optional<StyleParam.AxisType> AxisType = default,
        Optional<Tuple<MinType, MaxType>> MinMax = default,
        Optional<bool> ZeroLine = default)
        where MinType : IConvertible
        where MaxType : IConvertible
        where CategoryArrayType : IConvertible =>
        StyleAxis(gChart, "yaxis", TitleText, AxisType, MinMax, ZeroLine);

    private static GenericChart StyleAxis<MinType, MaxType>(
        GenericChart chart, string name, Optional<string> title, Optional<StyleParam.AxisType> type,
        Optional<Tuple<MinType, MaxType>> range, Optional<bool> zeroLine)
    {
        var axis = chart.GetLayout().TryGetPropertyValue(name) as DynamicObj.DynamicObj ?? new DynamicObj.DynamicObj();
        if (title.IsSome)
        {
            var text = new DynamicObj.DynamicObj();
            text.SetValue("text", title.Value);
            axis.SetValue("title", text);
        }
        axis.Set("type", type);
        if (range.IsSome) axis.SetValue("range", new object?[] { range.Value.Item1, range.Value.Item2 });
        axis.Set("zeroline", zeroLine);
        chart.GetLayout().SetValue(name, axis);
        return chart;
    }
}
