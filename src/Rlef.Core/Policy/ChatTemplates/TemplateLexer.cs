using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Rlef.Python;

namespace Rlef.Policy;

/// <summary>Kinds of a template's tokens; a block is a statement, an output an expression to be printed.</summary>
enum TemplateTokenKind { Text, BlockStart, BlockEnd, OutputStart, OutputEnd, Name, Number, String, Operator, End }

readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, object? Value, int Line);

/// <summary>
/// Cuts a template into tokens. A line end after a block goes, and so does the indent before it; a minus sign at a bracket takes all white space,
/// a plus sign none.
/// </summary>
sealed partial class TemplateLexer(string template)
{
    static readonly string[] Operators = ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|"];

    readonly string source = Lines(template);
    readonly List<TemplateToken> tokens = [];
    int at, line = 1;

    // All line ends are line feeds, within texts too, and the last line's is not part of a template.
    static string Lines(string template)
    {
        var text = template.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    [GeneratedRegex(@"\G\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})")]
    private static partial Regex RawStart { get; }

    [GeneratedRegex(@"\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\}\n?)")]
    private static partial Regex RawEnd { get; }

    [GeneratedRegex(@"\G(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?e[+-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Float { get; }

    [GeneratedRegex(@"\G(?:0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[0-9a-f])+|[1-9](?:_?[0-9])*|0(?:_?0)*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Whole { get; }

    public List<TemplateToken> Read()
    {
        while (at < source.Length)
        {
            var open = Next();
            if (open == source.Length)
            {
                AddText(open, ' ', false);
                break;
            }
            var (kind, sign) = (source[open + 1], open + 2 < source.Length ? source[open + 2] : ' ');
            AddText(open, sign, kind != '{');
            if (kind == '%' && RawStart.Match(source, open) is { Success: true } raw)
            {
                ReadRaw(open + raw.Length);
                continue;
            }
            Advance(open + 2 + (sign is '-' or '+' ? 1 : 0));
            if (kind == '#')
            {
                SkipComment();
                continue;
            }
            Add(kind == '%' ? TemplateTokenKind.BlockStart : TemplateTokenKind.OutputStart, "", null);
            ReadInside(kind == '%' ? "%}" : "}}");
        }
        Add(TemplateTokenKind.End, "", null);
        return tokens;
    }

    void Advance(int to)
    {
        line += source.AsSpan(at, to - at).Count('\n');
        at = to;
    }

    // Adds the text up to a bracket, less the white space that the bracket takes.
    void AddText(int to, char sign, bool indented)
    {
        var text = source[at..to];
        if (sign == '-')
            text = TextCase.Trim(text, null, start: false, end: true);
        else if (indented && sign != '+')
        {
            var start = to;
            while (start > at && source[start - 1] != '\n' && PythonText.IsSpace(source[start - 1]))
                start--;
            if (start == 0 || source[start - 1] == '\n')
                text = source[at..start];
        }
        if (text.Length > 0)
            Add(TemplateTokenKind.Text, text, null);
        Advance(to);
    }

    void ReadRaw(int start)
    {
        Advance(start);
        var end = RawEnd.Match(source, at);
        if (!end.Success)
            throw Fault("'endraw' is missing");
        AddText(end.Index, end.Groups[1].Value is [var sign] ? sign : ' ', true);
        Advance(end.Index + end.Length);
    }

    int Next()
    {
        for (var i = at; i + 1 < source.Length; i++)
            if (source[i] == '{' && source[i + 1] is '{' or '%' or '#')
                return i;
        return source.Length;
    }

    void SkipComment()
    {
        var close = source.IndexOf("#}", at, StringComparison.Ordinal);
        if (close < 0)
            throw Fault("a comment has no end");
        var sign = close > at ? source[close - 1] : ' ';
        Advance(close + 2);
        SkipAfter(sign, true);
    }

    // What a closing bracket takes of the text after it.
    void SkipAfter(char sign, bool block)
    {
        var end = at;
        if (sign == '-')
            while (end < source.Length && PythonText.IsSpace(source[end]))
                end++;
        else if (block && sign != '+' && end < source.Length && source[end] == '\n')
            end++;
        Advance(end);
    }

    void ReadInside(string close)
    {
        var depth = 0;
        while (true)
        {
            var blank = at;
            while (blank < source.Length && PythonText.IsSpace(source[blank]))
                blank++;
            Advance(blank);
            if (at >= source.Length)
                throw Fault($"'{close}' is missing");
            var c = source[at];
            var signed = depth == 0 && (c == '-' || c == '+' && close == "%}") && string.CompareOrdinal(source, at + 1, close, 0, 2) == 0;
            if (signed || depth == 0 && string.CompareOrdinal(source, at, close, 0, 2) == 0)
            {
                Advance(at + (signed ? 3 : 2));
                Add(close == "%}" ? TemplateTokenKind.BlockEnd : TemplateTokenKind.OutputEnd, close, null);
                SkipAfter(signed ? c : ' ', close == "%}");
                return;
            }
            if (c is '"' or '\'')
                ReadString(c);
            else if (char.IsAsciiDigit(c))
                ReadNumber();
            else if (char.IsLetter(c) || c == '_')
            {
                var start = at;
                while (at < source.Length && (char.IsLetterOrDigit(source[at]) || source[at] == '_'))
                    at++;
                Add(TemplateTokenKind.Name, source[start..at], null);
            }
            else
            {
                var found = Operators.FirstOrDefault(o => string.CompareOrdinal(source, at, o, 0, o.Length) == 0) ?? throw Fault($"'{c}' has no meaning here");
                depth += found is "(" or "[" or "{" ? 1 : found is ")" or "]" or "}" ? -1 : 0;
                Add(TemplateTokenKind.Operator, found, null);
                at += found.Length;
            }
        }
    }

    void ReadNumber()
    {
        // After a full stop, as in x.0.1, a number is an element's place.
        if (source[at - 1] != '.' && Float.Match(source, at) is { Success: true } real)
            Add(TemplateTokenKind.Number, real.Value, double.Parse(real.Value.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture));
        else
        {
            real = Whole.Match(source, at);
            Add(TemplateTokenKind.Number, real.Value, Integer(real.Value.Replace("_", "").ToLowerInvariant()));
        }
        at += real.Length;
    }

    object Integer(string digits) => digits switch
    {
        ['0', 'b' or 'o' or 'x', ..] => TemplateNumbers.Parse(digits, 0),
        _ when long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        { Length: > TemplateNumbers.MaxDigits } => throw Fault($"a number of more than {TemplateNumbers.MaxDigits} digits"),
        _ => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture),
    } ?? throw Fault("a number is malformed");

    void ReadString(char quote)
    {
        var end = at + 1;
        while (end < source.Length && source[end] != quote)
            end += source[end] == '\\' ? 2 : 1;
        if (end >= source.Length)
            throw Fault("a text has no end");
        try
        {
            var text = TemplateStrings.Unescape(source.AsSpan(at + 1, end - at - 1));
            Add(TemplateTokenKind.String, text, text);
        }
        catch (TemplateException e)
        {
            throw new TemplateException($"line {line}: {e.Message}");
        }
        Advance(end + 1);
    }

    void Add(TemplateTokenKind kind, string text, object? value) => tokens.Add(new(kind, text, value, line));

    TemplateException Fault(string what) => new($"line {line}: {what}.");
}
