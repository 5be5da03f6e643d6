using System.Collections;
using System.Globalization;
using System.Text;

namespace Rlef.Policy;

/// <summary>Something that a template calls, with arguments by place and by name.</summary>
delegate object? TemplateFunction(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> named);

/// <summary>Variables that outlive the loop in which they are set.</summary>
sealed class TemplateNamespace(IReadOnlyDictionary<string, object?> values)
{
    public Dictionary<string, object?> Values { get; } = new(values);
}

/// <summary>
/// Python's rules for a template's values: null, truth values, <see cref="long"/>, <see cref="double"/>, text, lists and dictionaries of them.
/// </summary>
static class TemplateValue
{
    const int MaxText = 1 << 24;

    public static readonly object Undefined = new();

    public static bool Truth(object? value) => value switch
    {
        null => false,
        bool b => b,
        long n => n != 0,
        double d => d != 0,
        string s => s.Length > 0,
        ICollection c => c.Count > 0,
        _ => value != Undefined,
    };

    public static string Text(object? value) => value switch
    {
        null => "None",
        true => "True",
        false => "False",
        string s => s,
        long n => n.ToString(CultureInfo.InvariantCulture),
        double d => d == Math.Floor(d) && Math.Abs(d) < 1e16 ? d.ToString("F1", CultureInfo.InvariantCulture) : d.ToString("R", CultureInfo.InvariantCulture),
        List<object?> list => $"[{string.Join(", ", list.Select(Quoted))}]",
        Dictionary<string, object?> map => $"{{{string.Join(", ", map.Select(p => $"{Quoted(p.Key)}: {Quoted(p.Value)}"))}}}",
        _ => value == Undefined ? "" : throw new TemplateException("a function is no text."),
    };

    static string Quoted(object? value) => value is string s
        ? s.Contains('\'') && !s.Contains('"') ? $"\"{Escaped(s)}\"" : $"'{Escaped(s).Replace("'", "\\'")}'"
        : Text(value);

    static string Escaped(string s) => s.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\t", "\\t").Replace("\r", "\\r");

    public static long Integer(object? value) => value switch
    {
        long n => n,
        bool b => b ? 1 : 0,
        double d => (long)d,
        _ => throw new TemplateException($"'{Text(value)}' is no number."),
    };

    public static new bool Equals(object? a, object? b) => (a, b) switch
    {
        (long x, double y) => x == y,
        (double x, long y) => x == y,
        (bool x, long y) => (x ? 1 : 0) == y,
        (long x, bool y) => x == (y ? 1 : 0),
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(p => Equals(p.First, p.Second)),
        (Dictionary<string, object?> x, Dictionary<string, object?> y) => x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var other) && Equals(p.Value, other)),
        _ => object.Equals(a, b),
    };

    public static int Compare(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => string.CompareOrdinal(x, y),
        (long or double or bool, long or double or bool) => Number(a).CompareTo(Number(b)),
        _ => throw new TemplateException($"'{Text(a)}' and '{Text(b)}' have no order."),
    };

    public static double Number(object? value) => value is double d ? d : Integer(value);

    public static bool Contains(object? all, object? part) => all switch
    {
        string s => s.Contains(Text(part), StringComparison.Ordinal),
        List<object?> list => list.Any(x => Equals(x, part)),
        Dictionary<string, object?> map => part is string key && map.ContainsKey(key),
        _ => throw new TemplateException("'in' needs a text, a list or a dictionary."),
    };

    public static List<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        string s => [.. s.EnumerateRunes().Select(r => (object?)r.ToString())],
        Dictionary<string, object?> map => [.. map.Keys],
        _ when value == Undefined => [],
        _ => throw new TemplateException($"'{Text(value)}' cannot be gone through."),
    };

    public static object? Add(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => Join(x, y),
        (List<object?> x, List<object?> y) => (List<object?>)[.. x, .. y],
        (long x, long y) => x + y,
        (long or double or bool, long or double or bool) => Number(a) + Number(b),
        _ => throw new TemplateException($"'{Text(a)}' and '{Text(b)}' cannot be added."),
    };

    /// <summary>Python's arithmetic, but for addition.</summary>
    public static object? Calculate(string sign, object? a, object? b)
    {
        var whole = a is long or bool && b is long or bool;
        if (sign is "/" or "//" or "%" && Number(b) == 0)
            throw new TemplateException("division by zero.");
        return whole && sign != "/" ? (object)Calculate(sign, Integer(a), Integer(b)) : Calculate(sign, Number(a), Number(b));
    }

    static long Calculate(string sign, long a, long b) => sign switch
    {
        "-" => a - b,
        "*" => a * b,
        "//" => Floor(a, b),
        _ => a - b * Floor(a, b),
    };

    static long Floor(long a, long b) => b == -1 ? -a : a / b - (a % b != 0 && a < 0 != b < 0 ? 1 : 0);

    static double Calculate(string sign, double a, double b) => sign switch
    {
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => Math.Floor(a / b),
        _ => a - b * Math.Floor(a / b),
    };

    public static string Join(string a, string b) => a.Length + b.Length <= MaxText ? a + b : throw new TemplateException("a text grows beyond all bounds.");

    /// <summary>An attribute or the value at a key or place; undefined where there is none.</summary>
    public static object? Member(object? value, object? key)
    {
        switch (value, key)
        {
            case (Dictionary<string, object?> map, string name) when map.TryGetValue(name, out var found):
                return found;
            case (TemplateNamespace names, string name):
                return names.Values.GetValueOrDefault(name, Undefined);
            case (List<object?> list, long at):
                return At(at, list.Count) is var i and >= 0 ? list[i] : Undefined;
            case (string text, long at):
                return At(at, text.Length) is var c and >= 0 ? text[c].ToString() : Undefined;
            case (_, string method) when TemplateMethods.Find(value, method) is { } function:
                return function;
            default:
                return value is null || value == Undefined ? throw new TemplateException($"'{Text(key)}' is asked of nothing.") : Undefined;
        }

        static int At(long at, int count) => (at < 0 ? at + count : at) is var i && i >= 0 && i < count ? (int)i : -1;
    }

    /// <summary>Python's slice.</summary>
    public static object? Slice(object? value, object? from, object? to, object? by)
    {
        if (value is string text)
            return string.Concat(((List<object?>)Slice(text.Select(c => (object?)c.ToString()).ToList(), from, to, by)!).Select(Text));
        var items = Items(value);
        var step = by is null ? 1 : Integer(by);
        if (step == 0)
            throw new TemplateException("a slice by steps of zero.");
        long n = items.Count, low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
        long Bound(object? bound, long otherwise) => bound is null ? otherwise : Math.Clamp(Integer(bound) < 0 ? Integer(bound) + n : Integer(bound), low, high);
        var (i, end) = (Bound(from, step > 0 ? low : high), Bound(to, step > 0 ? high : low));
        List<object?> result = [];
        for (; step > 0 ? i < end : i > end; i += step)
            result.Add(items[(int)i]);
        return result;
    }

    /// <summary>As Python's json.dumps writes it, other than ASCII as it is.</summary>
    public static string ToJson(object? value, int? indent, int depth = 0)
    {
        var (open, between, close) = indent is { } width
            ? ("\n" + new string(' ', width * (depth + 1)), ",\n" + new string(' ', width * (depth + 1)), "\n" + new string(' ', width * depth))
            : ("", ", ", "");
        return value switch
        {
            null => "null",
            true => "true",
            false => "false",
            string s => JsonText(s),
            List<object?> { Count: 0 } => "[]",
            List<object?> list => $"[{open}{string.Join(between, list.Select(x => ToJson(x, indent, depth + 1)))}{close}]",
            Dictionary<string, object?> { Count: 0 } => "{}",
            Dictionary<string, object?> map => $"{{{open}{string.Join(between, map.Select(p => $"{JsonText(p.Key)}: {ToJson(p.Value, indent, depth + 1)}"))}{close}}}",
            long or double => Text(value),
            _ => throw new TemplateException("tojson needs a value."),
        };
    }

    static string JsonText(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var c in text)
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                < ' ' => result.Append($"\\u{(int)c:x4}"),
                _ => result.Append(c),
            };
        return result.Append('"').ToString();
    }
}
