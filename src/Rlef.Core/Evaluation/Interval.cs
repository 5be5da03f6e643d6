using System.Globalization;

namespace Rlef.Evaluation;

/// <summary>An estimate with its 95 % interval.</summary>
public sealed record Interval(double Estimate, double Low, double High)
{
    public bool IsDisjointFrom(Interval other) => Low > other.High || High < other.Low;

    /// <summary>As percentages, such as <c>41.2 % (38.0–44.5)</c>.</summary>
    public string Percent => string.Create(CultureInfo.InvariantCulture, $"{Estimate * 100:F1} % ({Low * 100:F1}–{High * 100:F1})");

    public override string ToString() => Percent;
}
