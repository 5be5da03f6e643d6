using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Rlef.Execution;

/// <summary>Compares what a program produced with what was expected. Both are compared in full: a prefix is not an answer.</summary>
public static class OutputComparer
{
    const double Tolerance = 1e-6;

    public static bool Equal(Comparison comparison, string actual, string expected) => comparison switch
    {
        Comparison.Exact => actual == expected,
        Comparison.Tokens => Tokens(actual).SequenceEqual(Tokens(expected)),
        Comparison.Float => Tokens(actual) is var a && Tokens(expected) is var e && a.Length == e.Length && a.Zip(e).All(p => Close(p.First, p.Second)),
        Comparison.Value => ValuesEqual(actual, expected),
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    static string[] Tokens(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    static bool Close(string actual, string expected)
    {
        if (actual == expected)
            return true;
        const NumberStyles style = NumberStyles.Float;
        return double.TryParse(actual, style, CultureInfo.InvariantCulture, out var a)
            && double.TryParse(expected, style, CultureInfo.InvariantCulture, out var e) && double.IsFinite(a) && double.IsFinite(e)
            && Math.Abs(a - e) <= Tolerance * Math.Max(1, Math.Abs(e));
    }

    static bool ValuesEqual(string actual, string expected)
    {
        try
        {
            using JsonDocument a = JsonDocument.Parse(actual), e = JsonDocument.Parse(expected);
            return Equal(a.RootElement, e.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool Equal(JsonElement a, JsonElement e) => (a.ValueKind, e.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => NumbersEqual(a.GetRawText(), e.GetRawText()),
        (JsonValueKind.Array, JsonValueKind.Array) => a.GetArrayLength() == e.GetArrayLength()
            && a.EnumerateArray().Zip(e.EnumerateArray()).All(p => Equal(p.First, p.Second)),
        (JsonValueKind.Object, JsonValueKind.Object) => a.EnumerateObject().Count() == e.EnumerateObject().Count()
            && e.EnumerateObject().All(p => a.TryGetProperty(p.Name, out var value) && Equal(value, p.Value)),
        (JsonValueKind.String, JsonValueKind.String) => a.GetString() == e.GetString(),
        var (x, y) => x == y,
    };

    static bool NumbersEqual(string a, string e) => BigInteger.TryParse(a, out var m) && BigInteger.TryParse(e, out var n)
        ? m == n
        : double.Parse(a, CultureInfo.InvariantCulture) == double.Parse(e, CultureInfo.InvariantCulture);
}
