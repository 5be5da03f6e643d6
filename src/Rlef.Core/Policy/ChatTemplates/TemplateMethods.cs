namespace Rlef.Policy;

/// <summary>Python's methods of texts and dictionaries, Jinja's filters and its tests.</summary>
static class TemplateMethods
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

    static TemplateFunction? TextMethod(string text, string name) => name switch
    {
        "strip" => (a, _) => text.Trim(Characters(a)),
        "lstrip" => (a, _) => text.TrimStart(Characters(a)),
        "rstrip" => (a, _) => text.TrimEnd(Characters(a)),
        "split" => (a, _) => Split(text, a),
        "startswith" => (a, _) => text.StartsWith(TemplateValue.Text(a[0]), StringComparison.Ordinal),
        "endswith" => (a, _) => text.EndsWith(TemplateValue.Text(a[0]), StringComparison.Ordinal),
        "replace" => (a, _) => Replace(text, TemplateValue.Text(a[0]), TemplateValue.Text(a[1])),
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

    static string Replace(string text, string old, string fresh) =>
        old.Length == 0 ? throw new TemplateException("replace needs a text to look for.") : text.Replace(old, fresh, StringComparison.Ordinal);

    static string Title(string text) => string.Concat(text.Select((c, i) => i == 0 || !char.IsLetter(text[i - 1]) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));

    static string Capitalized(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    static List<object?> Pairs(object? map) => map is Dictionary<string, object?> pairs
        ? [.. pairs.Select(p => (object?)new List<object?> { p.Key, p.Value })]
        : throw new TemplateException("items needs a dictionary.");

    public static object? Filter(string name, object? value, IReadOnlyList<object?> a, IReadOnlyDictionary<string, object?> named) => name switch
    {
        "trim" => TemplateValue.Text(value).Trim(Characters(a)),
        "length" or "count" => value is string s ? s.EnumerateRunes().LongCount() : value is Dictionary<string, object?> m ? m.Count : (long)TemplateValue.Items(value).Count,
        "tojson" => TemplateValue.ToJson(value, named.GetValueOrDefault("indent", a.FirstOrDefault()) is { } width ? (int)Math.Clamp(TemplateValue.Integer(width), 0, 16) : null),
        "default" or "d" => value == TemplateValue.Undefined || (a.Count > 1 || named.ContainsKey("boolean")) && !TemplateValue.Truth(value) ? a.Count > 0 ? a[0] : "" : value,
        "join" => string.Join(a.Count > 0 ? TemplateValue.Text(a[0]) : "", TemplateValue.Items(value).Select(TemplateValue.Text)),
        "first" => TemplateValue.Items(value) is [var first, ..] ? first : TemplateValue.Undefined,
        "last" => TemplateValue.Items(value) is [.., var last] ? last : TemplateValue.Undefined,
        "list" => TemplateValue.Items(value).ToList(),
        "reverse" => value is string ? TemplateValue.Slice(value, null, null, -1L) : Enumerable.Reverse(TemplateValue.Items(value)).ToList(),
        "items" => Pairs(value),
        "string" => TemplateValue.Text(value),
        "safe" => value,
        "int" => value is string digits ? long.TryParse(digits, out var parsed) ? parsed : 0L : TemplateValue.Integer(value),
        "map" => TemplateValue.Items(value).Select(x => named.TryGetValue("attribute", out var key) ? TemplateValue.Member(x, key)
            : Filter(TemplateValue.Text(a.FirstOrDefault()), x, [.. a.Skip(1)], named)).ToList(),
        "selectattr" or "rejectattr" => TemplateValue.Items(value).Where(x => Chosen(TemplateValue.Member(x, a[0]), a) == (name == "selectattr")).ToList(),
        "upper" or "lower" or "title" or "capitalize" or "replace" => TextMethod(TemplateValue.Text(value), name)!(a, named),
        _ => throw new TemplateException($"the filter '{name}' is not known."),
    };

    static bool Chosen(object? value, IReadOnlyList<object?> a) => a.Count < 2 ? TemplateValue.Truth(value) : Test(TemplateValue.Text(a[1]), value, a.Count > 2 ? a[2] : null);

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
