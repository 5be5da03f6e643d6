namespace Plotly.NET;

/// <summary>What a chart's series share: titles, axes, legend, size.</summary>
public class Layout : DynamicObj.DynamicObj;
