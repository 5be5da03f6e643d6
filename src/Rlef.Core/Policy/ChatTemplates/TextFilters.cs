using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Filter = System.Func<object?, Rlef.Policy.TemplateArguments, object?>;

namespace Rlef.Policy;

/// <summary>Jinja's filters for texts.</summary>
static partial class TextFilters
{
    [GeneratedRegex(@"([-\s({\[<]+)")]
    private static partial Regex WordStart { get; }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word { get; }

    public static Dictionary<string, Filter> All { get; } = new()
    {
        ["trim"] = Trim,
        ["upper"] = (value, a) => Plain(a, value, TextCase.ToUpper),
        ["lower"] = (value, a) => Plain(a, value, TextCase.ToLower),
        ["capitalize"] = (value, a) => Plain(a, value, TextCase.Capitalize),
        // Other than the method: a word begins after a blank, hyphen or bracket only.
        ["title"] = (value, a) => Plain(a, value, text => string.Concat(WordStart.Split(text).Select(Begun))),
        ["string"] = (value, a) => Plain(a, value, text => text),
        ["safe"] = (value, a) => a.None(value) as TemplateMarkup ?? new TemplateMarkup(TemplateText.Of(value)),
        ["e"] = Escape,
        ["escape"] = Escape,
        ["forceescape"] = (value, a) => new TemplateMarkup(TemplateMarkup.Escaped(TemplateText.Of(a.None(value)))),
        ["replace"] = Replace,
        ["format"] = Format,
        ["center"] = Center,
        ["indent"] = Indent,
        ["truncate"] = Truncate,
        ["wordcount"] = (value, a) => (long)Word.Count(TemplateText.Of(a.None(value))),
        ["urlencode"] = UrlEncode,
    };

    static object? Escape(object? value, TemplateArguments a) => TemplateMarkup.Escape(a.None(value));

    static object? Plain(TemplateArguments a, object? value, Func<string, string> change) => Kept(a.None(value), change);

    static object? Trim(object? value, TemplateArguments a)
    {
        var characters = a.Bind(("chars", null))[0] is { } given ? Needed(given) : null;
        return Kept(value, text => TextCase.Trim(text, characters));
    }

    static object? Center(object? value, TemplateArguments a)
    {
        var width = TemplateNumbers.Integer(a.Bind(("width", 80L))[0]);
        return Kept(value, text => TextMethods.Justify(text, "center", width, " "));
    }

    // What is done to an escaped text leaves it one.
    static object Kept(object? value, Func<string, string> change) =>
        value is TemplateMarkup markup ? new TemplateMarkup(change(markup.Text)) : change(TemplateText.Of(value));

    static string Needed(object? value) => TemplateValue.Str(value) ?? throw new TemplateException($"'{TemplateText.Kind(value)}' is no text.");

    static string Begun(string word)
    {
        var one = TextPoints.Unit(word, 1);
        return TextCase.ToUpper(word[..one]) + TextCase.ToLower(word[one..]);
    }

    static object? Replace(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("old", TemplateArguments.Must), ("new", TemplateArguments.Must), ("count", null));
        return TextMethods.Replace(TemplateText.Of(value), TemplateText.Of(a[0]), TemplateText.Of(a[1]), a[2] is null ? -1 : TemplateNumbers.Integer(a[2]));
    }

    static object? Format(object? value, TemplateArguments a)
    {
        if (a.Placed.Count > 0 && a.Named.Count > 0)
            throw new TemplateException("the filter 'format' takes arguments by place or by name.");
        if (value is TemplateMarkup)
            throw new TemplateException("the filter 'format' of an escaped text is not known.");
        var map = new TemplateMap();
        foreach (var (name, given) in a.Named)
            map[name] = given;
        return PercentFormat.Apply(TemplateText.Of(value), map.Count > 0 ? map : new TemplateTuple([.. a.Placed]));
    }

    static object? Indent(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("width", 4L), ("first", false), ("blank", false));
        var indent = TemplateValue.Str(a[0]) ?? TextMethods.Spaces(TemplateNumbers.Integer(a[0]));
        var text = TemplateValue.Str(value) ?? throw (value as TemplateUndefined)?.Fault("indent it") ?? new TemplateException("the filter 'indent' needs a text.");
        if (a[0] is not string || value is string)
            return Kept(value, Indented);
        throw new TemplateException("the filter 'indent' of an escaped text is not known with a text.");

        string Indented(string s)
        {
            List<string> lines = [];
            foreach (var line in TextSplits.Lines(s + "\n", keepEnds: false))
                lines.Add((lines.Count == 0 ? TemplateValue.Truth(a[1]) : TemplateValue.Truth(a[2]) || line is not "") ? indent + line : (string)line!);
            return TemplateValue.Concat("\n", lines);
        }
    }

    static object? Truncate(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("length", 255L), ("killwords", false), ("end", "..."), ("leeway", null));
        var text = value as string ?? throw new TemplateException($"the filter 'truncate' of {TemplateText.Kind(value)} is not known.");
        var (length, end, leeway) = (TemplateNumbers.Integer(a[0]), Needed(a[2]), a[3] is null ? 5 : TemplateNumbers.Integer(a[3]));
        if (length < TextPoints.Count(end) || leeway < 0)
            throw new TemplateException("the filter 'truncate' is given too small a length or leeway.");
        if (TextPoints.Count(text) - leeway <= length)
            return text;
        text = text[..TextPoints.Unit(text, length - TextPoints.Count(end))];
        var blank = TemplateValue.Truth(a[1]) ? -1 : text.LastIndexOf(' ');
        return (blank < 0 ? text : text[..blank]) + end;
    }

    static object? UrlEncode(object? value, TemplateArguments arguments)
    {
        if (TemplateValue.Str(arguments.None(value)) is { } text)
            return Quoted(text, "/");
        var items = value is TemplateMap map ? new TemplateView("items", map).Items : TemplateValue.Elements(value);
        return items is null ? Quoted(TemplateText.Of(value), "/") : TemplateValue.Concat("&", [.. items.Select(Pair)]);

        static string Pair(object? pair) => TemplateValue.List(pair) is [var name, var content] ? $"{Part(name)}={Part(content)}"
            : throw new TemplateException("the filter 'urlencode' needs pairs.");

        static string Part(object? part) => Quoted(TemplateText.Of(part), "").Replace("%20", "+", StringComparison.Ordinal);
    }

    static string Quoted(string text, string safe)
    {
        var result = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
            if (char.IsAsciiLetterOrDigit((char)b) || "_.-~".Contains((char)b, StringComparison.Ordinal) || safe.Contains((char)b, StringComparison.Ordinal))
                result.Append((char)b);
            else
                result.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        return result.ToString();
    }
}
