namespace Plotly.NET;

/// <summary>How a chart behaves in its page.</summary>
public class Config : DynamicObj.DynamicObj;
