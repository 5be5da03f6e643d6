namespace Plotly.NET;

/// <summary>One series: its plotly.js type and its attributes.</summary>
public class Trace(string traceTypeName) : DynamicObj.DynamicObj
{
    public string @type { get; } = traceTypeName;
}
