using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>
/// Compares values in the worker's encoding (see <c>rlef_values.py</c>): plain JSON, and objects with one key such as <c>__tuple__</c>.
/// Plain JSON, as people write it, has no tuples, so lists and tuples compare alike; an object of plain JSON is a dict.
/// </summary>
static class ValueComparer
{
    /// <summary>The tag of a recorded value that was too large to be kept in full.</summary>
    public const string Digest = "\"__digest__\"";

    /// <summary>The tag of a recorded value that was an iterator.</summary>
    public const string Iterator = "\"__iterator__\"";

    const int Short = 256;

    // Any other key is a dict's own, as the worker reads it too.
    static readonly FrozenSet<string> tags = FrozenSet.Create(StringComparer.Ordinal, "__tuple__", "__set__", "__dict__", "__float__", "__int__", "__complex__", "__bytes__",
        "__deque__", "__range__", "__time__", "__fraction__", "__decimal__", "__graph__", "__object__", "__iterator__", "__opaque__", "__digest__");

    /// <param name="tolerance">For two numbers that are not both integers; null for none.</param>
    public static bool Equal(string actual, string expected, Tolerance? tolerance = null) => Compare(actual, expected, (a, e) => Same(a, e, Within(tolerance)));

    /// <summary>Whether Python's <c>==</c> holds. A list is no tuple.</summary>
    public static bool EqualInPython(string actual, string expected) => Compare(actual, expected, (a, e) => Same(a, e, None, kinds: true));

    /// <summary>Whether both are sequences or sets of the same elements, in any order.</summary>
    public static bool EqualInAnyOrder(string actual, string expected) => Compare(actual, expected, (a, e) =>
        Items(a) is { } x && Items(e) is { } y ? SameMultiset(x, y) : Same(a, e, None));

    /// <summary>Whether the values are equal, where an expected number that is no integer may be missed by the tolerance.</summary>
    public static bool EqualWhereReal(string actual, string expected, Tolerance tolerance) => Compare(actual, expected, (a, e) => Same(a, e, WithinReal(tolerance)));

    /// <summary>As <see cref="EqualWhereReal"/>, or the same with the one element of an expected list.</summary>
    public static bool EqualOrWrapped(string actual, string expected, Tolerance tolerance) => Compare(actual, expected, (a, e) =>
        Same(a, e, WithinReal(tolerance)) || e.ValueKind == JsonValueKind.Array && e.GetArrayLength() == 1 && Same(a, e[0], WithinReal(tolerance)));

    delegate bool Near(JsonElement actual, JsonElement expected);

    static readonly Near None = (_, _) => false;

    static Near Within(Tolerance? tolerance) => tolerance is { } allowed
        ? (a, e) => !(IsInteger(a) && IsInteger(e)) && Parts(a) is { } m && Parts(e) is { } n && allowed.Allows(m.Real, n.Real) && allowed.Allows(m.Imaginary, n.Imaginary)
        : None;

    static (double Real, double Imaginary)? Parts(JsonElement value) => Tag(value) is ("__complex__", var parts)
        ? Real(parts[0]) is { } real && Real(parts[1]) is { } imaginary ? (real, imaginary) : null
        : Real(value) is { } number ? (number, 0) : null;

    static Near WithinReal(Tolerance tolerance) => (a, e) => e.ValueKind == JsonValueKind.Number && !IsInteger(e) && Real(a) is { } m && tolerance.Allows(m, e.GetDouble());

    static bool Compare(string actual, string expected, Func<JsonElement, JsonElement, bool> equal)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = TestCase.MaxDepth };
            using JsonDocument a = JsonDocument.Parse(actual, options), e = JsonDocument.Parse(expected, options);
            return equal(a.RootElement, e.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            // The text of an untrusted process: half a surrogate, a tag with the wrong content, a key that stands twice.
            return false;
        }
    }

    // From the outside in: of what a program returned, no more is read than agrees with what was expected.
    // Numbers that are not equal may still be near.
    static bool Same(JsonElement a, JsonElement e, Near near, bool kinds = false)
    {
        if ((Sequence(a), Sequence(e)) is var (x, y) && (x ?? y) is not null)
            return x is { } these && y is { } those && (!kinds || a.ValueKind == e.ValueKind) && these.GetArrayLength() == those.GetArrayLength()
                && these.EnumerateArray().Zip(those.EnumerateArray()).All(p => Same(p.First, p.Second, near, kinds));
        if (IsSet(a) || IsSet(e))
            return IsSet(a) && IsSet(e) && Tag(a).Content.GetArrayLength() == Tag(e).Content.GetArrayLength() && Canonical(a) is { } set && set == Canonical(e);
        if (IsDict(a) || IsDict(e))
            return IsDict(a) && IsDict(e) && Pairs(a) is { } left && Pairs(e) is { } right && left.Count == right.Count
                && right.All(p => left.TryGetValue(p.Key, out var value) && Same(value, p.Value, near, kinds));
        return Canonical(a) is { } text && text == Canonical(e) || near(a, e);
    }

    static bool SameMultiset(JsonElement a, JsonElement e) => a.GetArrayLength() == e.GetArrayLength()
        && a.EnumerateArray().Select(Canonical).Order(StringComparer.Ordinal).SequenceEqual(e.EnumerateArray().Select(Canonical).Order(StringComparer.Ordinal))
        && a.EnumerateArray().All(i => Canonical(i) is not null);

    static JsonElement? Sequence(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value : Tag(value) is ("__tuple__", { ValueKind: JsonValueKind.Array } items) ? items : null;

    static JsonElement? Items(JsonElement value) =>
        Sequence(value) ?? (Tag(value) is ("__set__", { ValueKind: JsonValueKind.Array } items) ? items : null);

    /// <summary>The tag of the encoding that the value has as its one key, and what it holds; an empty one for none.</summary>
    internal static (string Name, JsonElement Content) Tag(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            var properties = value.EnumerateObject();
            if (properties.MoveNext() && properties.Current is var only && tags.Contains(only.Name) && !properties.MoveNext())
                return (only.Name, only.Value);
        }
        return ("", default);
    }

    // A dict by its keys' canonical texts; null for anything else.
    static Dictionary<string, JsonElement>? Pairs(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        var (tag, content) = Tag(value);
        if (tag == "__dict__")
            return content.EnumerateArray().ToDictionary(p => Canonical(p[0]) ?? throw new FormatException(), p => p[1]);
        return tag.Length > 0 ? null : value.EnumerateObject().ToDictionary(p => "s" + p.Name, p => p.Value);
    }

    static bool IsSet(JsonElement value) => Tag(value) is ("__set__", { ValueKind: JsonValueKind.Array });

    static bool IsDict(JsonElement value) => value.ValueKind == JsonValueKind.Object && Tag(value).Name is "" or "__dict__";

    // Large integers that differ by one are close, but one of them is wrong.
    static bool IsInteger(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    static double? Real(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble() is var number && double.IsFinite(number) ? number : null,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => Tag(value) switch
        {
            ("__float__", { ValueKind: JsonValueKind.String } text) => Special(text.GetString()!),
            ("__fraction__", var ratio) => Quotient(Whole(ratio[0]), Whole(ratio[1])),
            ("__decimal__", var text) => double.TryParse(text[0].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
            _ => null,
        },
    };

    static BigInteger Whole(JsonElement value) => Tag(value) is ("__int__", var text) ? Hexadecimal(text.GetString()!)
        : BigInteger.Parse(Digits(value.GetRawText()), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    // Of so many bits either is a double.
    static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        var excess = (int)Math.Max(0, Math.Max(numerator.GetBitLength(), denominator.GetBitLength()) - 1000);
        return (double)(numerator >> excess) / (double)(denominator >> excess);
    }

    static double Special(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.NaN,
    };

    // A text that is the same for values that Python holds equal; null for what equals nothing: nan, and objects of unknown types.
    static string? Canonical(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null: return "none";
            case JsonValueKind.True: return "n1";
            case JsonValueKind.False: return "n0";
            case JsonValueKind.String: return "s" + value.GetString();
            case JsonValueKind.Number: return Number(value.GetRawText());
        }
        if (Sequence(value) is { } sequence)
            return All(sequence.EnumerateArray().Select(Canonical), "(", ordered: true);
        if (Pairs(value) is { } pairs)
            return All(pairs.Select(p => Canonical(p.Value) is { } v ? $"{p.Key.Length}:{p.Key}={v}" : null), "{", ordered: false);
        var (tag, content) = Tag(value);
        return tag switch
        {
            "__set__" => All(content.EnumerateArray().Select(Canonical), "[", ordered: false),
            "__int__" => Number(Hexadecimal(content.GetString()!)),
            "__float__" => double.IsInfinity(Special(content.GetString()!)) ? "n" + content.GetString() : null,
            "__complex__" => Canonical(content[1]) == "n0" ? Canonical(content[0]) : All(content.EnumerateArray().Select(Canonical), "c", ordered: true),
            "__bytes__" => "b" + content.GetString(),
            "__deque__" => All(content.EnumerateArray().Select(Canonical), "q", ordered: true),
            "__range__" => All(content.EnumerateArray().Select(Canonical), "r", ordered: true),
            "__time__" => All(content.EnumerateArray().Select(Canonical), "t", ordered: true),
            "__fraction__" => Ratio(content[0], content[1]),
            "__decimal__" when content.GetArrayLength() == 3 => Ratio(content[1], content[2]),
            "__digest__" => "d" + content.GetString(),
            _ => null,
        };
    }

    // In lowest terms, as Python keeps them.
    static string Ratio(JsonElement numerator, JsonElement denominator) => $"n{Canonical(numerator)}/{Canonical(denominator)}";

    static string? All(IEnumerable<string?> parts, string open, bool ordered)
    {
        List<string> texts = [];
        foreach (var part in parts)
        {
            if (part is null)
                return null;
            texts.Add($"{part.Length}:{part}");
        }
        if (!ordered)
            texts.Sort(StringComparer.Ordinal);
        // Of fixed length once it is long, or deep nesting would be copied level by level.
        var text = string.Concat(texts);
        return text.Length <= Short ? open + text : $"{open}#{Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())))}";
    }

    internal static BigInteger Hexadecimal(string text)
    {
        var negative = text.StartsWith('-');
        var digits = text.AsSpan(negative ? 1 : 0);
        if (!digits.StartsWith("0x") || digits.Length == 2 || digits[2..].IndexOfAnyExceptInRange('0', 'f') >= 0)
            throw new FormatException();
        var size = BigInteger.Parse($"0{digits[2..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return negative ? -size : size;
    }

    static string Number(string text)
    {
        if (BigInteger.TryParse(Digits(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return Number(integer);
        var real = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsInteger(real) ? Number(new BigInteger(real)) : "n" + real.ToString("R", CultureInfo.InvariantCulture);
    }

    // Decimal digits are slow to read; the worker writes long integers in hexadecimal.
    static string Digits(string text) => text.Length <= 100_000 ? text : throw new FormatException();

    static string Number(BigInteger integer) => "n" + integer.ToString("X", CultureInfo.InvariantCulture);
}
