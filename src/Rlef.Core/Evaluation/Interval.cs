using System.Globalization;
using System.Text.Json.Serialization;

namespace Rlef.Evaluation;

/// <summary>An estimate with its 95 % interval.</summary>
public sealed record Interval(double Estimate, double Low, double High)
{
    /// <summary>As percentages, such as <c>41.2 % (38.0–44.5)</c>.</summary>
    [JsonIgnore] public string Percent => string.Create(CultureInfo.InvariantCulture, $"{Estimate * 100:F1} % ({Low * 100:F1}–{High * 100:F1})");

    /// <summary>A difference of shares in percentage points, such as <c>+4.1 (+1.2 to +7.0)</c>.</summary>
    [JsonIgnore] public string Points => string.Create(CultureInfo.InvariantCulture, $"{Estimate * 100:+0.0;−0.0;0.0} ({Low * 100:+0.0;−0.0;0.0} to {High * 100:+0.0;−0.0;0.0})");

    public override string ToString() => Percent;
}
