using System.Globalization;

namespace Rlef.Notebooks;

/// <summary>A number with its 95 % interval, shown as <c>0.412 [0.380, 0.447]</c>.</summary>
/// <param name="Format">A .NET number format; <c>P1</c> shows shares as per cent.</param>
public readonly record struct Estimate(double Value, double Low, double High, string Format = "0.000")
{
    /// <summary>Whether the two intervals have no point in common.</summary>
    public bool IsDisjointFrom(Estimate other) => High < other.Low || other.High < Low;

    public override string ToString() => $"{Number(Value)} [{Number(Low)}, {Number(High)}]";

    private string Number(double value) => value.ToString(Format ?? "0.000", CultureInfo.InvariantCulture);
}
