using Filter = System.Func<object?, Rlef.Policy.TemplateArguments, object?>;

namespace Rlef.Policy;

/// <summary>Jinja's filters for lists and dictionaries.</summary>
static class ItemFilters
{
    static readonly object Must = TemplateArguments.Must;

    public static Dictionary<string, Filter> All { get; } = new()
    {
        ["length"] = Length,
        ["count"] = Length,
        ["first"] = (value, a) => First(TemplateValue.Items(a.None(value)), "the first of nothing"),
        ["last"] = Last,
        ["list"] = (value, a) => TemplateValue.List(a.None(value)),
        ["reverse"] = (value, a) => a.None(value) is string or TemplateMarkup ? TemplateMember.Slice(value, null, null, -1L) : new TemplateStream(Reversed(value)),
        ["items"] = Pairs,
        ["join"] = Join,
        ["map"] = Map,
        ["select"] = (value, a) => Select(value, a, true, false),
        ["reject"] = (value, a) => Select(value, a, false, false),
        ["selectattr"] = (value, a) => Select(value, a, true, true),
        ["rejectattr"] = (value, a) => Select(value, a, false, true),
        ["sort"] = Sort,
        ["dictsort"] = SortMap,
        ["unique"] = Unique,
        ["min"] = (value, a) => Extreme(value, a, 1),
        ["max"] = (value, a) => Extreme(value, a, -1),
        ["sum"] = Sum,
        ["groupby"] = Group,
        ["batch"] = Batch,
        ["slice"] = Slice,
    };

    static object? Length(object? value, TemplateArguments a) =>
        TemplateValue.Length(a.None(value)) ?? throw new TemplateException($"{TemplateText.Kind(value)} has no length.");

    static object? Last(object? value, TemplateArguments a) => a.None(value) is TemplateStream
        ? throw new TemplateException("the filter 'last' needs a list, not a generator.") : First(Reversed(value), "the last of nothing");

    static object? First(IEnumerable<object?> items, string otherwise)
    {
        foreach (var item in items)
            return item;
        return new TemplateUndefined(otherwise);
    }

    static IEnumerable<object?> Reversed(object? value)
    {
        var list = TemplateValue.List(value);
        list.Reverse();
        return list;
    }

    static object? Pairs(object? value, TemplateArguments a)
    {
        IEnumerable<object?> pairs = a.None(value) switch
        {
            TemplateUndefined => [],
            TemplateMap map => new TemplateView("items", map).Items,
            _ => throw new TemplateException("items needs a dictionary."),
        };
        return new TemplateStream(pairs);
    }

    static object? Join(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("d", ""), ("attribute", null));
        var of = Attribute(a[1]);
        return TemplateValue.Concat(TemplateText.Of(a[0]), TemplateValue.List(value).ConvertAll(item => TemplateText.Of(of(item))));
    }

    // What an attribute with dots, whose whole numbers are places, names of a value.
    static Func<object?, object?> Attribute(object? attribute, object? otherwise = null)
    {
        List<object?> parts = attribute is null ? [] : TemplateValue.Str(attribute) is not { } path ? [attribute]
            : [.. path.Split('.').Select(part => TextCase.All(part, TextCase.IsDigit) ? TemplateNumbers.Parse(part, 10) : (object?)part)];
        return item =>
        {
            foreach (var part in parts)
            {
                item = TemplateMember.Item(item, part);
                if (otherwise is not null && item is TemplateUndefined)
                    item = otherwise;
            }
            return item;
        };
    }

    static object? Lower(object? value) => TemplateValue.Str(value) is { } text ? TextCase.ToLower(text) : value;

    static object? Map(object? value, TemplateArguments a)
    {
        if (!TemplateValue.Truth(value))
            return new TemplateStream([]);
        if (a.Placed.Count == 0 && a.Named.ContainsKey("attribute"))
        {
            var b = a.Bind(("attribute", Must), ("default", null));
            return new TemplateStream(TemplateValue.Items(value).Select(Attribute(b[0], b[1])));
        }
        if (a.Placed.Count == 0)
            throw new TemplateException("the filter 'map' needs an attribute or the name of a filter.");
        var name = TemplateText.Of(a.Placed[0]);
        return new TemplateStream(TemplateValue.Items(value).Select(item => TemplateFilters.Apply(name, item, new($"the filter '{name}'", a.Placed[1..], a.Named))));
    }

    static object? Select(object? value, TemplateArguments a, bool wanted, bool byAttribute)
    {
        if (!TemplateValue.Truth(value))
            return new TemplateStream([]);
        var skip = byAttribute ? 1 : 0;
        if (a.Placed.Count < skip)
            throw new TemplateException($"{a.Callee} needs an attribute.");
        var of = Attribute(byAttribute ? a.Placed[0] : null);
        if (a.Placed.Count == skip)
        {
            foreach (var given in a.Named.Keys)
                throw a.Unknown(given);
            return new TemplateStream(TemplateValue.Items(value).Where(item => TemplateValue.Truth(of(item)) == wanted));
        }
        var name = TemplateText.Of(a.Placed[skip]);
        var rest = a.Placed[(skip + 1)..];
        return new TemplateStream(TemplateValue.Items(value).Where(item => TemplateTests.Apply(name, of(item), new($"the test '{name}'", rest, a.Named)) == wanted));
    }

    /// <summary>Orders by keys, equal ones as they came.</summary>
    public static List<object?> Sorted(IEnumerable<object?> items, Func<object?, object?> key, bool descending)
    {
        var keyed = TemplateValue.List(items).ConvertAll(item => (Key: key(item), Item: item));
        var order = Comparer<object?>.Create(TemplateValue.Compare);
        try
        {
            return [.. (descending ? keyed.OrderByDescending(k => k.Key, order) : keyed.OrderBy(k => k.Key, order)).Select(k => k.Item)];
        }
        catch (InvalidOperationException e) when (e.InnerException is TemplateException inner)
        {
            throw new TemplateException(inner.Message);
        }
    }

    static object? Sort(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("reverse", false), ("case_sensitive", false), ("attribute", null));
        var exact = TemplateValue.Truth(a[1]);
        List<Func<object?, object?>> keys = [.. TemplateValue.Str(a[2]) is { } names ? names.Split(',').Select(n => Attribute(n)) : [Attribute(a[2])]];
        return Sorted(TemplateValue.Items(value), item => keys.ConvertAll(key => exact ? key(item) : Lower(key(item))), TemplateValue.Truth(a[0]));
    }

    static object? SortMap(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("case_sensitive", false), ("by", "key"), ("reverse", false));
        var map = value as TemplateMap ?? throw new TemplateException("the filter 'dictsort' needs a dictionary.");
        var at = TemplateValue.Str(a[1]) switch { "key" => 0, "value" => 1, _ => throw new TemplateException("the filter 'dictsort' sorts by 'key' or 'value'.") };
        Func<object?, object?> key = TemplateValue.Truth(a[0]) ? item => ((TemplateTuple)item!).Items[at] : item => Lower(((TemplateTuple)item!).Items[at]);
        return Sorted(new TemplateView("items", map).Items, key, TemplateValue.Truth(a[2]));
    }

    static object? Unique(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("case_sensitive", false), ("attribute", null));
        var (of, exact) = (Attribute(a[1]), TemplateValue.Truth(a[0]));
        return new TemplateStream(Chosen(TemplateValue.Items(value)));

        IEnumerable<object?> Chosen(IEnumerable<object?> items)
        {
            var seen = new TemplateMap();
            foreach (var item in items)
            {
                var key = exact ? of(item) : Lower(of(item));
                if (seen.TryGet(key, out _))
                    continue;
                seen[key] = true;
                yield return item;
            }
        }
    }

    // The first of the least, or with the sign turned of the greatest.
    static object? Extreme(object? value, TemplateArguments arguments, int sign)
    {
        var a = arguments.Bind(("case_sensitive", false), ("attribute", null));
        var (of, exact) = (Attribute(a[1]), TemplateValue.Truth(a[0]));
        object? best = null, bestKey = null;
        var any = false;
        foreach (var item in TemplateValue.Items(value))
        {
            var key = exact ? of(item) : Lower(of(item));
            if (!any || TemplateValue.Compare(key, bestKey) * sign < 0)
                (any, best, bestKey) = (true, item, key);
        }
        return any ? best : new TemplateUndefined("the extreme of nothing");
    }

    static object? Sum(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("attribute", null), ("start", 0L));
        var of = Attribute(a[0]);
        if (a[1] is string or TemplateMarkup)
            throw new TemplateException("the filter 'sum' does not add texts.");
        return TemplateValue.List(value).Aggregate(a[1], (sum, item) => TemplateOperators.Calculate("+", sum, of(item)));
    }

    static object? Group(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("attribute", Must), ("default", null), ("case_sensitive", false));
        var (of, exact) = (Attribute(a[0], a[1]), TemplateValue.Truth(a[2]));
        List<object?> groups = [];
        List<object?>? last = null;
        object? lastKey = null;
        foreach (var item in Sorted(TemplateValue.Items(value), item => exact ? of(item) : Lower(of(item)), false))
        {
            var key = exact ? of(item) : Lower(of(item));
            if (last is null || !TemplateValue.Equals(key, lastKey))
                groups.Add(new TemplateTuple([of(item), last = []], ["grouper", "list"]));
            last.Add(item);
            lastKey = key;
        }
        return groups;
    }

    static object? Batch(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("linecount", Must), ("fill_with", null));
        var size = TemplateNumbers.Integer(a[0]);
        return new TemplateStream(Lines(TemplateValue.Items(value)));

        IEnumerable<object?> Lines(IEnumerable<object?> items)
        {
            List<object?> line = [];
            foreach (var item in items)
            {
                if (line.Count == size)
                {
                    yield return line;
                    line = [];
                }
                line.Add(item);
            }
            if (line.Count > 0)
            {
                var missing = (int)Math.Clamp(size - line.Count, 0, int.MaxValue);
                yield return a[1] is null ? line : TemplateValue.List(line.Concat(Enumerable.Repeat(a[1], missing)));
            }
        }
    }

    static object? Slice(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("slices", Must), ("fill_with", null));
        var (items, count) = (TemplateValue.List(value), TemplateNumbers.Integer(a[0]));
        if (count is <= 0 or > TemplateValue.MaxItems)
            throw new TemplateException("the filter 'slice' needs a number of slices.");
        return new TemplateStream(Slices());

        // The first slices hold one more each where the items do not go up; the others are filled.
        IEnumerable<object?> Slices()
        {
            var (size, more) = ((int)(items.Count / count), (int)(items.Count % count));
            for (var i = 0; i < count; i++)
            {
                var slice = items.GetRange(i * size + Math.Min(i, more), size + (i < more ? 1 : 0));
                if (i >= more && a[1] is not null)
                    slice.Add(a[1]);
                yield return slice;
            }
        }
    }
}
