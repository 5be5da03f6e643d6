using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlef.Policy;

/// <summary>Python's methods of texts and dictionaries, Jinja's filters and its tests.</summary>
static partial class TemplateMethods
{
    static readonly char[] WhiteSpace = [.. Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f')];

    /// <summary>A method of a value, or null.</summary>
    public static TemplateFunction? Find(object? value, string name) => value switch
    {
        string text => TextMethod(text, name),
        Dictionary<string, object?> map => name switch
        {
            "items" => (_, _) => Pairs(map),
            "keys" => (_, _) => map.Keys.Select(k => (object?)k).ToList(),
            "values" => (_, _) => map.Values.ToList(),
            "get" => (a, _) => map.TryGetValue(TemplateValue.Text(a[0]), out var found) ? found : a.Count > 1 ? a[1] : null,
            _ => null,
        },
        _ => null,
    };

    static TemplateFunction? TextMethod(string text, string name) => Method(text, name) is { } method ? (a, named) =>
        named.Count > 0 ? throw new TemplateException($"{name} takes no argument '{named.Keys.First()}' here.")
        : a.Count > Most.GetValueOrDefault(name) ? throw new TemplateException($"{name} takes {Most.GetValueOrDefault(name)} arguments at most here, not {a.Count}.") : method(a, named) : null;

    // Arguments of text methods; what Python knows besides is refused rather than passed over.
    static readonly Dictionary<string, int> Most = new()
    {
        ["strip"] = 1, ["lstrip"] = 1, ["rstrip"] = 1, ["split"] = 2, ["startswith"] = 1, ["endswith"] = 1, ["replace"] = 3, ["find"] = 1, ["join"] = 1,
    };

    static TemplateFunction? Method(string text, string name) => name switch
    {
        "strip" => (a, _) => text.Trim(Characters(a)),
        "lstrip" => (a, _) => text.TrimStart(Characters(a)),
        "rstrip" => (a, _) => text.TrimEnd(Characters(a)),
        "split" => (a, _) => Split(text, a),
        "startswith" => (a, _) => OneOrMore(a[0]).Any(part => text.StartsWith(part, StringComparison.Ordinal)),
        "endswith" => (a, _) => OneOrMore(a[0]).Any(part => text.EndsWith(part, StringComparison.Ordinal)),
        "replace" => (a, _) => Replace(text, TemplateValue.Text(a[0]), TemplateValue.Text(a[1]), a.Count > 2 ? TemplateValue.Integer(a[2]) : -1),
        "find" => (a, _) => (long)text.IndexOf(TemplateValue.Text(a[0]), StringComparison.Ordinal),
        "upper" => (_, _) => text.ToUpperInvariant(),
        "lower" => (_, _) => text.ToLowerInvariant(),
        "title" => (_, _) => Title(text),
        "capitalize" => (_, _) => Capitalized(text),
        "join" => (a, _) => string.Join(text, TemplateValue.Items(a[0]).Select(TemplateValue.Text)),
        _ => null,
    };

    static char[] Characters(IReadOnlyList<object?> arguments) => arguments is [string characters, ..] ? characters.ToCharArray() : WhiteSpace;

    static List<object?> Split(string text, IReadOnlyList<object?> arguments)
    {
        var most = arguments.Count > 1 && TemplateValue.Integer(arguments[1]) is var limit and >= 0 ? (int)Math.Min(limit, int.MaxValue - 1) + 1 : int.MaxValue;
        var parts = arguments is [string separator, ..]
            ? text.Split(separator, most)
            : text.Split(WhiteSpace, most, StringSplitOptions.RemoveEmptyEntries);
        return [.. parts];
    }

    static IEnumerable<string> OneOrMore(object? value) => value is List<object?> several ? several.Select(TemplateValue.Text) : [TemplateValue.Text(value)];

    static string Replace(string text, string old, string fresh, long most)
    {
        if (old.Length == 0)
            throw new TemplateException("replace needs a text to look for.");
        return most < 0 ? text.Replace(old, fresh, StringComparison.Ordinal) : string.Join(fresh, text.Split(old, (int)Math.Min(most, int.MaxValue - 1) + 1));
    }

    static string Title(string text) => string.Concat(text.Select((c, i) => i == 0 || !char.IsLetter(text[i - 1]) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));

    [GeneratedRegex(@"([-\s({\[<]+)")]
    private static partial Regex WordBreaks { get; }

    static string Capitalized(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    static List<object?> Pairs(object? map) => map is Dictionary<string, object?> pairs
        ? [.. pairs.Select(p => (object?)new List<object?> { p.Key, p.Value })]
        : throw new TemplateException("items needs a dictionary.");

    // Named arguments of filters; others are refused rather than passed over.
    static readonly Dictionary<string, string[]> Named = new()
    {
        ["default"] = ["default_value", "boolean"], ["d"] = ["default_value", "boolean"], ["tojson"] = ["indent", "ensure_ascii"], ["join"] = ["attribute"], ["map"] = ["attribute", "default"], ["int"] = ["default"],
    };

    public static object? Filter(string name, object? value, IReadOnlyList<object?> a, IReadOnlyDictionary<string, object?> named) =>
        named.Keys.FirstOrDefault(key => !Named.GetValueOrDefault(name, []).Contains(key)) is { } unknown
            ? throw new TemplateException($"the filter '{name}' takes no argument '{unknown}' here.") : Filtered(name, value, a, named);

    static object? Filtered(string name, object? value, IReadOnlyList<object?> a, IReadOnlyDictionary<string, object?> named)
    {
        object? Argument(int place, string key, object? usual) => a.Count > place ? a[place] : named.GetValueOrDefault(key, usual);
        return name switch
        {
            "trim" => TemplateValue.Text(value).Trim(Characters(a)),
            "length" or "count" => value is string s ? s.EnumerateRunes().LongCount() : value is Dictionary<string, object?> m ? m.Count : (long)TemplateValue.Items(value).Count,
            "tojson" when TemplateValue.Truth(named.GetValueOrDefault("ensure_ascii", false)) => throw new TemplateException("tojson writes characters as they are; ensure_ascii is not supported."),
            "tojson" => TemplateValue.ToJson(value, named.GetValueOrDefault("indent", a.FirstOrDefault()) is { } width ? (int)Math.Clamp(TemplateValue.Integer(width), 0, 16) : null),
            "default" or "d" => value == TemplateValue.Undefined || TemplateValue.Truth(Argument(1, "boolean", false)) && !TemplateValue.Truth(value) ? Argument(0, "default_value", "") : value,
            "join" => string.Join(a.Count > 0 ? TemplateValue.Text(a[0]) : "", TemplateValue.Items(value).Select(x => TemplateValue.Text(Argument(1, "attribute", null) is { } path ? Member(x, path) : x))),
            "first" => TemplateValue.Items(value) is [var first, ..] ? first : TemplateValue.Undefined,
            "last" => TemplateValue.Items(value) is [.., var last] ? last : TemplateValue.Undefined,
            "list" => TemplateValue.Items(value).ToList(),
            "reverse" => value is string ? TemplateValue.Slice(value, null, null, -1L) : Enumerable.Reverse(TemplateValue.Items(value)).ToList(),
            "items" => Pairs(value),
            "string" => TemplateValue.Text(value),
            "safe" => value,
            "int" => value is not string digits ? TemplateValue.Integer(value)
                : double.TryParse(digits.Trim(WhiteSpace), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < long.MaxValue
                    ? long.TryParse(digits.Trim(WhiteSpace), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : (long)number : Argument(0, "default", 0L),
            "map" => TemplateValue.Items(value).Select(x => named.TryGetValue("attribute", out var path)
                ? Member(x, path) is var found && found == TemplateValue.Undefined && named.TryGetValue("default", out var instead) ? instead : found
                : Filter(TemplateValue.Text(a.FirstOrDefault()), x, [.. a.Skip(1)], named)).ToList(),
            "select" or "reject" => TemplateValue.Items(value).Where(x => Chosen(x, a) == (name == "select")).ToList(),
            "selectattr" or "rejectattr" => TemplateValue.Items(value).Where(x => Chosen(Member(x, a[0]), [.. a.Skip(1)]) == (name == "selectattr")).ToList(),
            // Unlike Python's method, the filter begins a word behind blanks and brackets alone.
            "title" => string.Concat(WordBreaks.Split(TemplateValue.Text(value)).Select(Capitalized)),
            "upper" or "lower" or "capitalize" or "replace" => TextMethod(TemplateValue.Text(value), name)!(a, named),
            _ => throw new TemplateException($"the filter '{name}' is not known."),
        };
    }

    // By the test that the arguments name, with its own argument.
    static bool Chosen(object? value, IReadOnlyList<object?> a) => a.Count == 0 ? TemplateValue.Truth(value) : Test(TemplateValue.Text(a[0]), value, a.Count > 1 ? a[1] : null);

    // Names of attributes may be parted by points.
    static object? Member(object? value, object? path) => path is string names ? names.Split('.').Aggregate(value, TemplateValue.Member) : TemplateValue.Member(value, path);

    public static bool Test(string name, object? value, object? argument) => name switch
    {
        "defined" => value != TemplateValue.Undefined,
        "undefined" => value == TemplateValue.Undefined,
        "none" => value is null,
        "string" => value is string,
        "mapping" => value is Dictionary<string, object?>,
        "sequence" or "iterable" => value is string or List<object?> or Dictionary<string, object?>,
        "number" => value is long or double or bool,
        "integer" => value is long,
        "boolean" => value is bool,
        "true" => value is true,
        "false" => value is false,
        "odd" => TemplateValue.Integer(value) % 2 != 0,
        "even" => TemplateValue.Integer(value) % 2 == 0,
        "equalto" or "eq" or "==" => TemplateValue.Equals(value, argument),
        "ne" or "!=" => !TemplateValue.Equals(value, argument),
        "in" => TemplateValue.Contains(argument, value),
        _ => throw new TemplateException($"the test '{name}' is not known."),
    };
}
