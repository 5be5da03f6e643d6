namespace Plotly.NET.CSharp;

/// <summary>Makes charts.</summary>
public static class Chart
{
    public static GenericChart Combine(IEnumerable<GenericChart> gCharts) => GenericChart.combine(gCharts);

    public static GenericChart Line<XType, YType, TextType>(
        IEnumerable<XType> x,
        IEnumerable<YType> y,
        Optional<bool> ShowMarkers = default,
        Optional<string> Name = default,
        Optional<bool> ShowLegend = default,
        Optional<double> Opacity = default,
        Optional<Color> MarkerColor = default,
        Optional<StyleParam.MarkerSymbol> MarkerSymbol = default,
        Optional<Color> LineColor = default,
        Optional<double> LineWidth = default,
        Optional<StyleParam.DrawingStyle> LineDash = default,
        Optional<StyleParam.Fill> Fill = default,
        Optional<Color> FillColor = default,
        Optional<bool> UseDefaults = default)
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible
    {
        var trace = new Trace("scatter");
        trace.Set("name", Name);
        trace.Set("showlegend", ShowLegend);
        trace.SetValue("mode", ShowMarkers is { IsSome: true, Value: true } ? "lines+markers" : "lines");
        trace.Set("opacity", Opacity);
        trace.SetValue("x", x);
        trace.SetValue("y", y);
        trace.Set("fill", Fill);
        trace.Set("fillcolor", FillColor);
        var marker = new DynamicObj.DynamicObj();
        marker.Set("color", MarkerColor);
        marker.Set("symbol", MarkerSymbol);
        trace.SetValue("marker", marker);
        var line = new DynamicObj.DynamicObj();
        line.Set("color", LineColor);
        line.Set("width", LineWidth);
        line.Set("dash", LineDash);
        trace.SetValue("line", line);
        return GenericChart.ofTraceObject(!UseDefaults.IsSome || UseDefaults.Value, trace);
    }

    public static GenericChart Column<ValuesType, KeysType, TextType>(
        IEnumerable<ValuesType> values,
        Optional<IEnumerable<KeysType>> Keys = default,
        Optional<string> Name = default,
        Optional<bool> ShowLegend = default,
        Optional<double> Opacity = default,
        Optional<Color> MarkerColor = default,
        Optional<bool> UseDefaults = default)
        where ValuesType : IConvertible
        where KeysType : IConvertible
        where TextType : IConvertible
    {
        var trace = new Trace("bar");
        trace.Set("name", Name);
        trace.Set("showlegend", ShowLegend);
        trace.Set("opacity", Opacity);
        trace.Set("x", Keys);
        trace.SetValue("y", values);
        trace.SetValue("orientation", "v");
        var marker = new DynamicObj.DynamicObj();
        marker.Set("color", MarkerColor);
        trace.SetValue("marker", marker);
        return GenericChart.ofTraceObject(!UseDefaults.IsSome || UseDefaults.Value, trace);
    }

    public static GenericChart StackedColumn<ValuesType, KeysType, TextType>(
        IEnumerable<ValuesType> values,
        Optional<IEnumerable<KeysType>> Keys = default,
        Optional<string> Name = default,
        Optional<bool> ShowLegend = default,
        Optional<double> Opacity = default,
        Optional<Color> MarkerColor = default,
        Optional<bool> UseDefaults = default)
        where ValuesType : IConvertible
        where KeysType : IConvertible
        where TextType : IConvertible
    {
        var chart = Column<ValuesType, KeysType, TextType>(values, Keys, Name, ShowLegend, Opacity, MarkerColor, UseDefaults);
        chart.GetLayout().SetValue("barmode", "stack");
        return chart;
    }

    internal static void Set<T>(this DynamicObj.DynamicObj target, string name, Optional<T> value)
    {
        if (value is { IsSome: true, Value: { } given }) target.SetValue(name, given);
    }
}
