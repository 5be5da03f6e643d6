using System.Numerics;

namespace Rlef.Policy;

/// <summary>What a template reads of a value: an attribute, the element at a key or place, a slice.</summary>
static class TemplateMember
{
    /// <summary>By a full stop: a method or attribute, else the element of that name; undefined where there is neither.</summary>
    public static object? Attribute(object? value, string name) =>
        Own(value, name, out var found) || value is TemplateMap map && map.TryGet(name, out found) ? found : Missing(name);

    /// <summary>By brackets: the element, else the attribute of that name; undefined where there is neither.</summary>
    public static object? Item(object? value, object? key) => value switch
    {
        TemplateUndefined undefined => throw undefined.Fault($"ask it for '{TemplateText.Of(key)}'"),
        TemplateMap map when key is not (List<object?> or TemplateMap) && map.TryGet(key, out var found) => found,
        _ when key is long or bool && TemplateNumbers.Integer(key) is var at && Place(value, at, out var found) => found,
        _ when TemplateValue.Str(key) is { } name && Own(value, name, out var found) => found,
        _ => Missing(TemplateText.Kind(key)),
    };

    /// <summary>By the filter attr: a method or attribute only.</summary>
    public static object? Only(object? value, string name) => Own(value, name, out var found) ? found : Missing(name);

    static TemplateUndefined Missing(string name) => new($"'{name}'");

    static bool Place(object? value, long at, out object? found)
    {
        found = null;
        if (value is not (List<object?> or TemplateTuple or TemplateRange or string or TemplateMarkup))
            return false;
        var count = TemplateValue.Length(value)!.Value;
        at = at < 0 ? at + count : at;
        if (at < 0 || at >= count)
            return false;
        found = value switch
        {
            List<object?> list => list[(int)at],
            TemplateTuple tuple => tuple.Items[at],
            TemplateRange range => range.At(at),
            TemplateMarkup markup => new TemplateMarkup(Point(markup.Text, at)),
            _ => Point((string)value, at),
        };
        return true;
    }

    static string Point(string text, long at) => text[TextPoints.Unit(text, at)..TextPoints.Unit(text, at + 1)];

    static bool Own(object? value, string name, out object? found)
    {
        if (name.Length > 4 && name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal) && value is not TemplateMap)
            throw new TemplateException($"the attribute '{name}' is not safe.");
        found = value switch
        {
            TemplateUndefined undefined => throw undefined.Fault($"ask it for '{name}'"),
            string text => TextMethods.Find(text, name),
            TemplateMarkup markup => TextMethods.Find(markup, name),
            TemplateTuple tuple when Array.IndexOf(tuple.Names, name) is var at and >= 0 => new Found(tuple.Items[at]),
            TemplateNamespace names => names.Values.TryGetValue(name, out var set) ? new Found(set) : null,
            TemplateLoop loop => loop.Find(name),
            TemplateMacro macro => macro.Find(name),
            _ => ValueMethods.Find(value, name),
        };
        if (found is null)
            return false;
        found = found is Found inner ? inner.Value : found;
        return true;
    }

    /// <summary>An attribute's value, which may be null.</summary>
    public sealed record Found(object? Value);

    /// <summary>Python's slice.</summary>
    public static object? Slice(object? value, object? from, object? to, object? by)
    {
        if (value is not (List<object?> or TemplateTuple or TemplateRange or string or TemplateMarkup))
            throw value is TemplateUndefined undefined ? undefined.Fault("slice it") : new TemplateException($"{TemplateText.Kind(value)} has no slices.");
        var (n, step) = (TemplateValue.Length(value)!.Value, by is null ? 1 : Bounded(by));
        if (step == 0)
            throw new TemplateException("a slice by steps of zero.");
        long low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
        long Bound(object? bound, long otherwise) => bound is null ? otherwise : Math.Clamp(Bounded(bound) is var b && b < 0 ? b + n : b, low, high);
        var (i, end) = (Bound(from, step > 0 ? low : high), Bound(to, step > 0 ? high : low));
        if (value is TemplateRange range)
            return new TemplateRange(range.At(i), range.At(end), range.Step * step);
        if (TemplateValue.Str(value) is { } text)
        {
            var cut = step == 1 ? i < end ? text[TextPoints.Unit(text, i)..TextPoints.Unit(text, end)] : ""
                : string.Concat(Chosen([.. TextPoints.Split(text)], i, end, step));
            return value is string ? cut : new TemplateMarkup(cut);
        }
        return value is TemplateTuple tuple ? new TemplateTuple([.. Chosen(tuple.Items, i, end, step)]) : Chosen((List<object?>)value, i, end, step);
    }

    // Bounds beyond all lengths are as good as any such.
    static long Bounded(object? value) => (long)BigInteger.Max(-(1L << 40), BigInteger.Min(1L << 40, TemplateNumbers.Big(value)));

    static List<object?> Chosen(IList<object?> items, long i, long end, long step)
    {
        List<object?> result = [];
        for (; step > 0 ? i < end : i > end; i += step)
            result.Add(items[(int)i]);
        return result;
    }
}
