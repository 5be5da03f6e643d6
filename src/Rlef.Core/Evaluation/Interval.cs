using System.Globalization;
using System.Text.Json.Serialization;

namespace Rlef.Evaluation;

/// <summary>An estimate with its 95 % interval.</summary>
public sealed record Interval(double Estimate, double Low, double High)
{
    /// <summary>As percentages, such as <c>41.2 % (38.0–44.5)</c>.</summary>
    [JsonIgnore] public string Percent => string.Create(CultureInfo.InvariantCulture, $"{Estimate * 100:F1} % ({Low * 100:F1}–{High * 100:F1})");

    /// <summary>A difference of shares in percentage points, such as <c>+4.1 (+1.2 to +7.0)</c>. Bounds that are next to 0 have the digits that tell on which side.</summary>
    [JsonIgnore] public string Points => $"{InPoints(Estimate, 1)} ({Bound(Low)} to {Bound(High)})";

    public override string ToString() => Percent;

    static string Bound(double share) => Enumerable.Range(1, 4).Select(digits => InPoints(share, digits)).FirstOrDefault(text => text[0] is '+' or '−') ?? InPoints(share, 1);

    static string InPoints(double share, int digits)
    {
        var zero = "0." + new string('0', digits);
        return (share * 100).ToString($"+{zero};−{zero};{zero}", CultureInfo.InvariantCulture);
    }
}
