using System.Globalization;

namespace Rlef.Notebooks;

/// <summary>A number with its 95 % interval, shown as <c>0.412 [0.380, 0.447]</c>.</summary>
/// <param name="Format">A .NET number format; <c>P1</c> shows shares as per cent.</param>
public readonly record struct Estimate(double Value, double Low, double High, string Format = Estimate.Standard)
{
    /// <summary>Three digits behind the point.</summary>
    public const string Standard = "0.000";

    /// <summary>A share in per cent.</summary>
    public const string Share = "0.0%";

    /// <summary>Whether the number is a share, shown in per cent.</summary>
    public bool IsShare => Format is { } format && (format.EndsWith('%') || format.StartsWith('P'));

    public override string ToString() => $"{Number(Value)} [{Number(Low)}, {Number(High)}]";

    private string Number(double value) => value.ToString(Format ?? Standard, CultureInfo.InvariantCulture);
}
