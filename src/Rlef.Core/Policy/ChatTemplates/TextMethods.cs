using System.Text;
using Rlef.Python;

namespace Rlef.Policy;

/// <summary>Python's methods of texts.</summary>
static class TextMethods
{
    static readonly string[] Unknown = ["encode", "expandtabs", "isidentifier", "isnumeric", "istitle", "maketrans", "translate", "unescape", "striptags"];

    /// <summary>A method of an escaped text, which gives escaped texts again.</summary>
    public static object? Find(TemplateMarkup markup, string name)
    {
        return Find(markup.Text, name) is { } function ? new TemplateFunction(function.Name, a => Kept(function, a)) : null;

        // What is given to such a method is escaped in part, which differs by version.
        static object? Kept(TemplateFunction function, TemplateArguments a) => a.Placed.Count + a.Named.Count > 0
            ? throw new TemplateException($"{function.Name} of an escaped text is not known with arguments.")
            : function.Call(a) switch
            {
                string text => new TemplateMarkup(text),
                List<object?> list => list.ConvertAll(part => (object?)new TemplateMarkup((string)part!)),
                var other => other,
            };
    }

    /// <summary>A method, or null where Python has none of that name.</summary>
    public static TemplateFunction? Find(string text, string name) => name switch
    {
        "strip" => Method(name, 0, 1, a => TextCase.Trim(text, Characters(a))),
        "lstrip" => Method(name, 0, 1, a => TextCase.Trim(text, Characters(a), end: false)),
        "rstrip" => Method(name, 0, 1, a => TextCase.Trim(text, Characters(a), start: false)),
        "split" or "rsplit" => Named(name, [("sep", null), ("maxsplit", -1L)],
            a => TextSplits.Split(text, a[0] is null ? null : Text(a[0]), TemplateNumbers.Integer(a[1]), name == "rsplit")),
        "splitlines" => Named(name, [("keepends", false)], a => TextSplits.Lines(text, TemplateValue.Truth(a[0]))),
        "partition" => Method(name, 1, 1, a => TextSplits.Partition(text, Text(a[0]), last: false)),
        "rpartition" => Method(name, 1, 1, a => TextSplits.Partition(text, Text(a[0]), last: true)),
        "startswith" => Method(name, 1, 3, a => Within(text, a, out var part, out _) && Affixes(a[0]).Any(x => part.StartsWith(x, StringComparison.Ordinal))),
        "endswith" => Method(name, 1, 3, a => Within(text, a, out var part, out _) && Affixes(a[0]).Any(x => part.EndsWith(x, StringComparison.Ordinal))),
        "removeprefix" => Method(name, 1, 1, a => text.StartsWith(Text(a[0]), StringComparison.Ordinal) ? text[Text(a[0]).Length..] : text),
        "removesuffix" => Method(name, 1, 1, a => text.EndsWith(Text(a[0]), StringComparison.Ordinal) ? text[..^Text(a[0]).Length] : text),
        "replace" => Method(name, 2, 3, a => Replace(text, Text(a[0]), Text(a[1]), a.Length > 2 ? TemplateNumbers.Integer(a[2]) : -1)),
        "find" or "rfind" => Method(name, 1, 3, a => Find(text, a, name == "rfind")),
        "index" or "rindex" => Method(name, 1, 3, a => Find(text, a, name == "rindex") is var at and >= 0 ? at : throw new TemplateException($"{name} finds nothing.")),
        "count" => Method(name, 1, 3, a => Within(text, a, out var part, out _) ? Count(part, Text(a[0])) : 0L),
        "join" => Method(name, 1, 1, a => TemplateValue.Concat(text, TemplateValue.List(a[0]).ConvertAll(Text))),
        "upper" => Method(name, 0, 0, _ => TextCase.ToUpper(text)),
        "lower" => Method(name, 0, 0, _ => TextCase.ToLower(text)),
        "casefold" => Method(name, 0, 0, _ => Ascii(text) ? text.ToLowerInvariant() : throw new TemplateException("casefold is known for ASCII only.")),
        "title" => Method(name, 0, 0, _ => TextCase.ToTitle(text)),
        "capitalize" => Method(name, 0, 0, _ => TextCase.Capitalize(text)),
        "swapcase" => Method(name, 0, 0, _ => TextCase.SwapCase(text)),
        "center" or "ljust" or "rjust" => Method(name, 1, 2, a => Justify(text, name, TemplateNumbers.Integer(a[0]), a.Length > 1 ? Text(a[1]) : " ")),
        "zfill" => Method(name, 1, 1, a => text is ['-' or '+', ..] ? text[0] + Zeros(text[1..], TemplateNumbers.Integer(a[0]) - 1) : Zeros(text, TemplateNumbers.Integer(a[0]))),
        "format" => new TemplateFunction($"the method '{name}'", a => BraceFormat.Apply(text, a.Placed, a.Named)),
        "format_map" => Method(name, 1, 1, a => BraceFormat.Apply(text, [], Names(a[0]))),
        "isdigit" => Method(name, 0, 0, _ => TextCase.All(text, TextCase.IsDigit)),
        "isdecimal" => Method(name, 0, 0, _ => TextCase.All(text, TextCase.IsDecimal)),
        "isalpha" => Method(name, 0, 0, _ => TextCase.All(text, TextCase.IsAlphabetic)),
        "isalnum" => Method(name, 0, 0, _ => TextCase.All(text, r => TextCase.IsAlphabetic(r) || TextCase.IsDigit(r) || Rune.GetNumericValue(r) >= 0)),
        "isspace" => Method(name, 0, 0, _ => text.Length > 0 && text.All(PythonText.IsSpace)),
        "isascii" => Method(name, 0, 0, _ => Ascii(text)),
        "islower" => Method(name, 0, 0, _ => TextCase.IsLower(text)),
        "isupper" => Method(name, 0, 0, _ => TextCase.IsUpper(text)),
        "isprintable" => Method(name, 0, 0, _ => text.EnumerateRunes().All(r => PythonText.IsPrintable(r.Value))),
        _ => Unknown.Contains(name) ? throw new TemplateException($"the method '{name}' of a text is not known.") : null,
    };

    static TemplateFunction Method(string name, int least, int most, Func<object?[], object?> call) => ValueMethods.Method(name, least, most, call);

    static TemplateFunction Named(string name, (string, object?)[] parameters, Func<object?[], object?> call) =>
        new($"the method '{name}'", a => call(a.Bind(parameters)));

    static Dictionary<string, object?> Names(object? value) => value is TemplateMap map
        ? map.Where(p => p.Key is string).ToDictionary(p => (string)p.Key!, p => p.Value) : throw new TemplateException("format_map needs a dictionary.");

    static string Zeros(string text, long width) => Justify(text, "rjust", width, "0");

    static bool Ascii(string text) => text.All(char.IsAscii);

    static string Text(object? value) => TemplateValue.Str(value) ?? throw new TemplateException($"'{TemplateText.Kind(value)}' is no text.");

    static string? Characters(object?[] arguments) => arguments is [{ } characters] ? Text(characters) : null;

    static IEnumerable<string> Affixes(object? value) => value is TemplateTuple tuple ? tuple.Items.Select(Text) : [Text(value)];

    // The part of a text that its second and third arguments bound; false where it begins after it ends.
    static bool Within(string text, object?[] a, out string part, out long start)
    {
        (part, start) = (text, 0);
        if (a is [_, null] or [_] or [_, null, null])
            return true;
        var count = TextPoints.Count(text);
        long Bound(int i, long otherwise) => i >= a.Length || a[i] is null ? otherwise : TemplateNumbers.Integer(a[i]) is var b && b < 0 ? Math.Max(0, b + count) : b;
        (start, var end) = (Bound(1, 0), Math.Min(Bound(2, count), count));
        if (start > end)
            return false;
        part = text[TextPoints.Unit(text, start)..TextPoints.Unit(text, end)];
        return true;
    }

    static long Find(string text, object?[] a, bool last)
    {
        var sought = Text(a[0]);
        if (!Within(text, a, out var part, out var start))
            return -1;
        // LastIndexOf does not find an empty text at the very end.
        var at = last ? sought.Length == 0 ? part.Length : part.LastIndexOf(sought, StringComparison.Ordinal) : part.IndexOf(sought, StringComparison.Ordinal);
        return at < 0 ? -1 : start + TextPoints.Point(part, at);
    }

    static long Count(string text, string part)
    {
        if (part.Length == 0)
            return TextPoints.Count(text) + 1;
        var count = 0L;
        for (var i = 0; (i = text.IndexOf(part, i, StringComparison.Ordinal)) >= 0; i += part.Length)
            count++;
        return count;
    }

    /// <summary>Replaces as often as told, without end where that is negative; nothing stands between all characters.</summary>
    public static string Replace(string text, string old, string fresh, long most)
    {
        var times = Count(text, old);
        times = most < 0 ? times : Math.Min(most, times);
        if (text.Length + times * (fresh.Length - old.Length) > TemplateValue.MaxText)
            throw TemplateValue.TextTooLong();
        var result = new StringBuilder();
        var at = 0;
        for (; times > 0; times--)
        {
            var next = text.IndexOf(old, at, StringComparison.Ordinal);
            result.Append(text, at, next - at).Append(fresh);
            at = next + old.Length;
            if (old.Length == 0 && at < text.Length)
            {
                var width = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                result.Append(text, at, width);
                at += width;
            }
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    public static string Spaces(long count) => Justify("", "ljust", count, " ");

    /// <param name="side">The method's name.</param>
    public static string Justify(string text, string side, long width, string fill)
    {
        if (TextPoints.Count(fill) != 1)
            throw new TemplateException($"{side} needs one character to fill with.");
        var missing = Math.Max(0, width - TextPoints.Count(text));
        if (missing > TemplateValue.MaxText)
            throw TemplateValue.TextTooLong();
        // Of an odd number, Python gives the left side more where the width is odd.
        var left = side switch { "ljust" => 0, "rjust" => missing, _ => missing / 2 + (missing & width & 1) };
        string Filled(long count) => string.Concat(Enumerable.Repeat(fill, (int)count));
        return Filled(left) + text + Filled(missing - left);
    }
}
