using System.Globalization;
using System.Text;

namespace Rlef.Policy;

/// <summary>Kinds of a template's tokens; a block is a statement, an output an expression to be printed.</summary>
enum TemplateTokenKind { Text, BlockStart, BlockEnd, OutputStart, OutputEnd, Name, Number, String, Operator, End }

readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, object? Value, int Line);

/// <summary>Cuts a template into tokens. A line end after a block goes, and so does the indent before it; a minus sign at a bracket takes all white space.</summary>
sealed class TemplateLexer(string template)
{
    static readonly string[] Operators = ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|"];

    // Every line end is one character, within texts too, and the last line's is not part of a template.
    readonly string source = Lines(template) is [.. var lines, '\n'] ? lines : Lines(template);
    readonly List<TemplateToken> tokens = [];
    int at, line = 1;

    static string Lines(string template) => template.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    public List<TemplateToken> Read()
    {
        var (trim, afterBlock) = (false, false);
        while (at < source.Length)
        {
            var open = Next();
            var text = source[at..open];
            var lines = text.AsSpan().Count('\n');
            if (trim)
                text = text.TrimStart();
            else if (afterBlock && text is ['\n', ..])
                text = text[1..];
            var end = open >= source.Length;
            var kind = end ? ' ' : source[open + 1];
            var sign = open + 2 < source.Length ? source[open + 2] : ' ';
            if (!end && sign == '-')
                text = text.TrimEnd();
            else if (!end && kind is '%' or '#' && sign != '+' && StartsLine(open))
                text = text.TrimEnd(' ', '\t');
            if (text.Length > 0)
                Add(TemplateTokenKind.Text, text, null);
            line += lines;
            if (end)
                break;
            at = open + 2 + (sign is '-' or '+' ? 1 : 0);
            if (kind == '#')
                (trim, afterBlock) = (SkipComment(), true);
            else
            {
                Add(kind == '%' ? TemplateTokenKind.BlockStart : TemplateTokenKind.OutputStart, "", null);
                trim = ReadInside(kind == '%' ? "%}" : "}}");
                Add(kind == '%' ? TemplateTokenKind.BlockEnd : TemplateTokenKind.OutputEnd, "", null);
                // A plus sign keeps the line end.
                afterBlock = kind == '%' && source[at - 3] != '+';
            }
        }
        Add(TemplateTokenKind.End, "", null);
        return tokens;
    }

    // Whether nothing but blanks lies between the line's start and a place.
    bool StartsLine(int place)
    {
        var i = place - 1;
        while (i >= 0 && source[i] is ' ' or '\t')
            i--;
        return i < 0 || source[i] == '\n';
    }

    int Next()
    {
        for (var i = at; i + 1 < source.Length; i++)
            if (source[i] == '{' && source[i + 1] is '{' or '%' or '#')
                return i;
        return source.Length;
    }

    bool SkipComment()
    {
        var close = source.IndexOf("#}", at, StringComparison.Ordinal);
        if (close < 0)
            throw Fault("a comment has no end");
        line += source.AsSpan(at, close - at).Count('\n');
        var trim = close > at && source[close - 1] == '-';
        at = close + 2;
        return trim;
    }

    // Returns whether white space after the bracket goes.
    bool ReadInside(string close)
    {
        var depth = 0;
        while (true)
        {
            while (at < source.Length && char.IsWhiteSpace(source[at]))
                line += source[at++] == '\n' ? 1 : 0;
            if (at >= source.Length)
                throw Fault($"'{close}' is missing");
            if (depth == 0 && source[at] is '-' or '+' && string.CompareOrdinal(source, at + 1, close, 0, 2) == 0)
            {
                at += 3;
                return source[at - 3] == '-';
            }
            if (depth == 0 && string.CompareOrdinal(source, at, close, 0, 2) == 0)
            {
                at += 2;
                return false;
            }
            var c = source[at];
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
        var start = at;
        while (at < source.Length && char.IsAsciiDigit(source[at]))
            at++;
        var whole = !(at + 1 < source.Length && source[at] == '.' && char.IsAsciiDigit(source[at + 1]));
        if (!whole)
            for (at++; at < source.Length && char.IsAsciiDigit(source[at]);)
                at++;
        var text = source[start..at];
        if (whole && !long.TryParse(text, out _))
            throw Fault($"the number {text} is too large");
        Add(TemplateTokenKind.Number, text, whole ? (object)long.Parse(text, CultureInfo.InvariantCulture) : double.Parse(text, CultureInfo.InvariantCulture));
    }

    void ReadString(char quote)
    {
        var text = new StringBuilder();
        var start = line;
        for (at++; ; at++)
        {
            if (at >= source.Length)
                throw new TemplateException($"line {start}: a text has no end.");
            var c = source[at];
            if (c == quote)
                break;
            line += c == '\n' ? 1 : 0;
            if (c != '\\' || at + 1 >= source.Length)
            {
                text.Append(c);
                continue;
            }
            c = source[++at];
            _ = c switch
            {
                'n' => text.Append('\n'),
                't' => text.Append('\t'),
                'r' => text.Append('\r'),
                '\\' or '\'' or '"' => text.Append(c),
                'a' or 'b' or 'f' or 'v' => text.Append("\a\b\f\v"["abfv".IndexOf(c)]),
                'x' when at + 2 < source.Length && byte.TryParse(source.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) => AppendPoint(code, 2),
                'U' when at + 8 < source.Length && int.TryParse(source.AsSpan(at + 1, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var point) && Rune.IsValid(point) => AppendPoint(point, 8),
                'u' when at + 4 < source.Length && ushort.TryParse(source.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var unit) => AppendUnit(unit),
                _ => text.Append('\\').Append(c),
            };
        }
        at++;
        Add(TemplateTokenKind.String, text.ToString(), text.ToString());

        StringBuilder AppendPoint(int point, int digits)
        {
            at += digits;
            return text.Append(new Rune(point).ToString());
        }

        StringBuilder AppendUnit(ushort unit)
        {
            at += 4;
            return text.Append((char)unit);
        }
    }

    void Add(TemplateTokenKind kind, string text, object? value) => tokens.Add(new(kind, text, value, line));

    TemplateException Fault(string what) => new($"line {line}: {what}.");
}
