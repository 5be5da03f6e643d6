using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Rlef.Policy;

/// <summary>
/// Python's rules for a template's values: null, truth values, whole numbers (<see cref="long"/>, or <see cref="BigInteger"/> where that is too small),
/// <see cref="double"/>, text, lists, and the types of Rlef for what else Python has.
/// </summary>
static class TemplateValue
{
    public const int MaxText = 1 << 24, MaxItems = 1 << 20, MaxDepth = 100, MaxCompared = 1 << 22;

    /// <summary>A caller's value as a template's.</summary>
    public static object? From(object? value) => value switch
    {
        null or bool or long or double or string => value,
        int or short or sbyte or byte or ushort or uint => Convert.ToInt64(value, null),
        ulong or Int128 or BigInteger => TemplateNumbers.Normal(value is ulong u ? u : value is Int128 i ? i : (BigInteger)value),
        float f => (double)f,
        decimal d => (double)d,
        IDictionary map => Map(map),
        IEnumerable list => list.Cast<object?>().Select(From).ToList(),
        _ => throw new TemplateException($"a template cannot be given a {value.GetType().Name}."),
    };

    static TemplateMap Map(IDictionary given)
    {
        var map = new TemplateMap();
        foreach (DictionaryEntry entry in given)
            map[From(entry.Key)] = From(entry.Value);
        return map;
    }

    /// <summary>A text, whether marked as escaped or not; null for what is none.</summary>
    public static string? Str(object? value) => value as string ?? (value as TemplateMarkup)?.Text;

    public static bool Truth(object? value) => value switch
    {
        null or TemplateUndefined => false,
        bool b => b,
        long n => n != 0,
        double d => d != 0,
        _ => Length(value) != 0,
    };

    /// <summary>The number of elements; null for what has none.</summary>
    public static long? Length(object? value) => value switch
    {
        string s => TextPoints.Count(s),
        TemplateMarkup m => TextPoints.Count(m.Text),
        List<object?> list => list.Count,
        TemplateTuple tuple => tuple.Items.Length,
        TemplateMap map => map.Count,
        TemplateView view => view.Map.Count,
        TemplateRange range => range.Count,
        TemplateLoop loop => loop.Length,
        TemplateUndefined => 0,
        _ => null,
    };

    public static TemplateException NoItems(object? value) => new($"'{TemplateText.Kind(value)}' cannot be gone through.");

    /// <summary>The elements, which a stream gives but once; null for what has none.</summary>
    public static IEnumerable<object?>? Elements(object? value) => value switch
    {
        List<object?> list => list,
        TemplateTuple tuple => tuple.Items,
        string s => TextPoints.Split(s),
        TemplateMarkup m => TextPoints.Split(m.Text),
        TemplateMap map => map.Keys,
        TemplateView view => view.Items,
        TemplateRange range => range.Items,
        TemplateStream stream => stream.Rest,
        TemplateUndefined => [],
        _ => null,
    };

    public static IEnumerable<object?> Items(object? value) => Elements(value) ?? throw NoItems(value);

    public static List<object?> List(object? value) => List(Items(value));

    public static List<object?> List(IEnumerable<object?> items)
    {
        List<object?> list = [];
        foreach (var item in items)
        {
            if (list.Count >= MaxItems)
                throw new TemplateException("a list grows beyond all bounds.");
            list.Add(item);
        }
        return list;
    }

    /// <summary>Texts with another between, within bounds.</summary>
    public static string Concat(string between, IReadOnlyCollection<string> parts) =>
        parts.Sum(p => (long)p.Length) + (long)between.Length * Math.Max(0, parts.Count - 1) <= MaxText ? string.Join(between, parts) : throw TextTooLong();

    public static TemplateException TextTooLong() => new("a text grows beyond all bounds.");

    public static bool Compares(string sign, object? a, object? b) => sign switch
    {
        "==" => Equals(a, b),
        "!=" => !Equals(a, b),
        "in" => Contains(b, a),
        "not in" => !Contains(b, a),
        _ => Ordered(sign, a, b),
    };

    static bool Ordered(string sign, object? a, object? b)
    {
        if (a is double.NaN or bool or long or double or BigInteger && b is double.NaN || a is double.NaN && TemplateNumbers.Is(b))
            return false;
        var order = Compare(a, b);
        return sign switch { "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
    }

    public static new bool Equals(object? a, object? b)
    {
        var work = 0;
        return Equals(a, b, 0, ref work);
    }

    static bool Equals(object? a, object? b, int depth, ref int work)
    {
        if (++work > MaxCompared || depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("values are compared without end.");
        if (TemplateNumbers.Is(a) && TemplateNumbers.Is(b))
            return a is not double.NaN && b is not double.NaN && TemplateNumbers.Compare(a, b) == 0;
        if (Str(a) is { } x && Str(b) is { } y)
            return x == y;
        switch (a, b)
        {
            case (TemplateUndefined, TemplateUndefined):
                return true;
            case (List<object?> p, List<object?> q):
                return Equals(p, q, depth, ref work);
            case (TemplateTuple p, TemplateTuple q):
                return Equals(p.Items, q.Items, depth, ref work);
            case (TemplateRange p, TemplateRange q):
                return p.Count == q.Count && (p.Count == 0 || p.At(0) == q.At(0) && (p.Count == 1 || p.Step == q.Step));
            case (TemplateMap p, TemplateMap q):
                if (p.Count != q.Count)
                    return false;
                foreach (var (key, value) in p)
                    if (!q.TryGet(key, out var other) || !ReferenceEquals(value, other) && !Equals(value, other, depth + 1, ref work))
                        return false;
                return true;
            case (TemplateView { Kind: not "values" } p, TemplateView { Kind: not "values" } q):
                throw new TemplateException($"the comparison of dict_{p.Kind} with dict_{q.Kind} is not known.");
            default:
                return ReferenceEquals(a, b);
        }
    }

    static bool Equals(IList<object?> a, IList<object?> b, int depth, ref int work)
    {
        if (a.Count != b.Count)
            return false;
        for (var i = 0; i < a.Count; i++)
            if (!(ReferenceEquals(a[i], b[i]) && a[i] is not double.NaN) && !Equals(a[i], b[i], depth + 1, ref work))
                return false;
        return true;
    }

    /// <summary>Which of two numbers, texts, lists or tuples comes first.</summary>
    public static int Compare(object? a, object? b)
    {
        var work = 0;
        return Compare(a, b, 0, ref work);
    }

    static int Compare(object? a, object? b, int depth, ref int work)
    {
        if (++work > MaxCompared || depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("values are compared without end.");
        if (TemplateNumbers.Is(a) && TemplateNumbers.Is(b))
            return TemplateNumbers.Compare(a, b);
        if (Str(a) is { } x && Str(b) is { } y)
            return TextPoints.Compare(x, y);
        if ((a as TemplateUndefined ?? b as TemplateUndefined) is { } undefined)
            throw undefined.Fault("order it");
        var (p, q) = (a, b) switch
        {
            (List<object?> list, List<object?> other) => ((IList<object?>)list, (IList<object?>)other),
            (TemplateTuple tuple, TemplateTuple other) => (tuple.Items, other.Items),
            _ => throw new TemplateException($"'{TemplateText.Kind(a)}' and '{TemplateText.Kind(b)}' have no order."),
        };
        for (var i = 0; i < p.Count && i < q.Count; i++)
            if (!Equals(p[i], q[i], depth + 1, ref work))
                return Compare(p[i], q[i], depth + 1, ref work);
        return p.Count.CompareTo(q.Count);
    }

    public static bool Contains(object? all, object? part) => all switch
    {
        string or TemplateMarkup => Str(part) is { } sought ? Str(all)!.Contains(sought, StringComparison.Ordinal)
            : throw new TemplateException($"'{TemplateText.Kind(part)}' is sought in a text."),
        TemplateMap map => map.TryGet(part, out _),
        TemplateView { Kind: "keys" } view => view.Map.TryGet(part, out _),
        _ => (Elements(all) ?? throw new TemplateException("'in' needs a text, a list or a dictionary.")).Any(x => ReferenceEquals(x, part) || Equals(x, part)),
    };

    /// <summary>Equal for equal values.</summary>
    /// <exception cref="TemplateException">The value can change and so be no key.</exception>
    public static int Hash(object? value)
    {
        var work = 0;
        return Hash(value, 0, ref work);
    }

    static int Hash(object? value, int depth, ref int work)
    {
        if (++work > MaxCompared || depth > MaxDepth)
            throw new TemplateException("a key is nested without end.");
        switch (value)
        {
            case TemplateTuple tuple:
                var hash = 17;
                foreach (var item in tuple.Items)
                    hash = hash * 31 + Hash(item, depth + 1, ref work);
                return hash;
            case List<object?> or TemplateMap:
                throw new TemplateException($"'{TemplateText.Kind(value)}' cannot be a key.");
            default:
                return value switch
                {
                    null or TemplateUndefined => 0,
                    bool b => (b ? 1L : 0).GetHashCode(),
                    double d when d == Math.Floor(d) && Math.Abs(d) < 1e18 => ((long)d).GetHashCode(),
                    double d when double.IsInteger(d) => new BigInteger(d).GetHashCode(),
                    string or TemplateMarkup => Str(value)!.GetHashCode(StringComparison.Ordinal),
                    _ => value.GetHashCode(),
                };
        }
    }
}
