namespace Plotly.NET;

/// <summary>A CSS colour.</summary>
public sealed class Color
{
    private readonly string _css;

    private Color(string css) => _css = css;

    public static Color fromString(string c) => new(c);

    public static Color fromHex(string s) => new(s);

    public override string ToString() => _css;
}
