using System.Numerics;

namespace Rlef.Policy;

/// <summary>Python's methods and attributes of what is no text.</summary>
static class ValueMethods
{
    // What Python has, and Rlef does not know or a template may not call, so that it must not pass for undefined.
    static readonly string[] OfLists = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];
    static readonly string[] OfMaps = ["clear", "pop", "popitem", "setdefault", "update", "fromkeys"];
    static readonly string[] OfNumbers =
    [
        "as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "from_bytes", "fromhex", "hex", "imag", "is_integer", "numerator", "real", "to_bytes",
    ];
    static readonly string[] OfStreams = ["close", "send", "throw", "gi_code", "gi_frame", "gi_running", "gi_suspended", "gi_yieldfrom"];

    /// <summary>A method or attribute, or null where the value has none of that name.</summary>
    public static object? Find(object? value, string name)
    {
        switch (value)
        {
            case TemplateMap map:
                return OfMaps.Contains(name) ? throw Refused(value, name) : OfMap(map, name);
            case List<object?> list:
                return OfLists.Contains(name) ? throw Refused(value, name) : name == "copy" ? Method(name, 0, 0, _ => list.ToList()) : OfItems(list, name);
            case TemplateTuple tuple:
                return OfItems(tuple.Items, name);
            case TemplateRange range:
                return name switch
                {
                    "start" => range.Start,
                    "stop" => range.Stop,
                    "step" => range.Step,
                    _ => OfItems([.. range.Items], name),
                };
            case TemplateCycler cycler:
                return name switch
                {
                    "current" => new TemplateMember.Found(cycler.Current),
                    "next" => Method(name, 0, 0, _ => cycler.Next()),
                    "reset" => Method(name, 0, 0, _ => Do(cycler.Reset)),
                    "items" or "pos" => throw Refused(value, name),
                    _ => null,
                };
            case long or double or bool or BigInteger when OfNumbers.Contains(name):
            case TemplateStream when OfStreams.Contains(name):
            case TemplateView when name is "mapping" or "isdisjoint":
                throw Refused(value, name);
            default:
                return null;
        }
    }

    static TemplateException Refused(object? value, string name) => new($"'{name}' of {TemplateText.Kind(value)} is not known, or changes it.");

    static object? Do(Action work)
    {
        work();
        return null;
    }

    public static TemplateFunction Method(string name, int least, int most, Func<object?[], object?> call) =>
        new($"the method '{name}'", a => call(a.Only(least, most)));

    static TemplateFunction? OfMap(TemplateMap map, string name) => name switch
    {
        "items" or "keys" or "values" => Method(name, 0, 0, _ => new TemplateView(name, map)),
        "get" => Method(name, 1, 2, a => map.TryGet(a[0], out var found) ? found : a.ElementAtOrDefault(1)),
        "copy" => Method(name, 0, 0, _ => map),
        _ => null,
    };

    static TemplateFunction? OfItems(IList<object?> items, string name) => name switch
    {
        "count" => Method(name, 1, 1, a => items.LongCount(x => TemplateValue.Equals(x, a[0]))),
        "index" => Method(name, 1, 3, a =>
        {
            long Bound(int i, long otherwise) => i >= a.Length ? otherwise : TemplateNumbers.Integer(a[i]) is var b && b < 0 ? Math.Max(0, b + items.Count) : b;
            for (var i = Bound(1, 0); i < Math.Min(Bound(2, long.MaxValue), items.Count); i++)
                if (TemplateValue.Equals(items[(int)i], a[0]))
                    return i;
            throw new TemplateException("index finds nothing.");
        }),
        _ => null,
    };
}
