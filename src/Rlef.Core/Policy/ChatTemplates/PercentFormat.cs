using System.Globalization;
using System.Numerics;
using System.Text;
using Rlef.Python;

namespace Rlef.Policy;

/// <summary>Python's <c>%</c> of a text.</summary>
sealed class PercentFormat(string text, object? given)
{
    readonly StringBuilder result = new();
    readonly object?[] values = given is TemplateTuple tuple ? tuple.Items : [given];
    int at, used;
    bool byName;

    public static string Apply(string text, object? given) => new PercentFormat(text, given).Write();

    string Write()
    {
        while (at < text.Length)
        {
            if (text[at] != '%')
                result.Append(text[at++]);
            else if (++at < text.Length && text[at] == '%')
                result.Append(text[at++]);
            else
                result.Append(Part());
            if (result.Length > TemplateValue.MaxText)
                throw TemplateValue.TextTooLong();
        }
        // What has elements may be given to a text that takes nothing of it.
        if (used < values.Length && !byName && !(given is TemplateMap or List<object?> or TemplateRange or TemplateUndefined && used == 0))
            throw new TemplateException("'%' is given more values than the text takes.");
        return result.ToString();
    }

    string Part()
    {
        object? named = null;
        if (Now == '(')
        {
            var close = text.IndexOf(')', at);
            var name = close < 0 ? throw Cut() : text[(at + 1)..close];
            named = given is not TemplateMap map ? throw new TemplateException("'%' needs a dictionary.") : map.TryGet(name, out var found) ? found
                : throw new TemplateException($"'%' is given no '{name}'.");
            (byName, at) = (true, close + 1);
        }
        var flags = "";
        while (Now is '-' or '+' or ' ' or '#' or '0')
            flags += text[at++];
        var width = Count() ?? 0;
        if (width < 0)
            (width, flags) = (-width, flags + '-');
        long? precision = null;
        if (Now == '.')
        {
            at++;
            precision = Math.Max(0, Count() ?? 0);
        }
        while (Now is 'h' or 'l' or 'L')
            at++;
        var type = at < text.Length ? text[at++] : throw Cut();
        var value = byName ? named : Next();
        var sign = flags.Contains('+') ? '+' : flags.Contains(' ') ? ' ' : '\0';
        var align = flags.Contains('-') ? '<' : flags.Contains('0') ? '=' : '>';
        switch (type)
        {
            case 's' or 'r' or 'a':
                return new NumberFormat(" ", align == '<' ? '<' : '>', '\0', false, width, '\0', precision, 's').Text(Written(type, value));
            case 'c':
                return new NumberFormat(" ", align == '<' ? '<' : '>', '\0', false, width, '\0', null, 's').Text(Character(value));
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                var number = Whole(type, value);
                var digits = NumberFormat.Digits(BigInteger.Abs(number), type switch { 'x' or 'X' => 16, 'o' => 8, _ => 10 }, type == 'X');
                var prefix = !flags.Contains('#') ? "" : type switch { 'x' => "0x", 'X' => "0X", 'o' => "0o", _ => "" };
                var mark = (number.Sign < 0 ? "-" : sign == '\0' ? "" : sign.ToString()) + prefix;
                digits = TextMethods.Justify(digits, "rjust", Math.Max(precision ?? 0, align == '=' ? width - mark.Length : 0), "0");
                return TextMethods.Justify(mark + digits, align == '<' ? "ljust" : "rjust", width, " ");
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                var real = TemplateNumbers.Is(value) ? TemplateNumbers.Real(value) : throw new TemplateException($"'%{type}' needs a number.");
                return new NumberFormat(align == '=' ? "0" : " ", align, sign, flags.Contains('#'), width, '\0', precision, type).Number(real);
            default:
                throw new TemplateException($"'%{type}' is not known.");
        }
    }

    char Now => at < text.Length ? text[at] : '\0';

    static string Written(char type, object? value) => type == 's' ? TemplateText.Of(value)
        : type == 'a' && TemplateValue.Str(value) is { } plain ? PythonText.Repr(plain, ascii: true)
        : type == 'r' ? TemplateText.Quoted(value) : throw new TemplateException("'%a' is known for texts only.");

    static string Character(object? value) => value is string s && TextPoints.Count(s) == 1 ? s
        : TemplateNumbers.IsWhole(value) && TemplateNumbers.Integer(value) is var code && code is >= 0 and <= 0x10ffff && Rune.IsValid((int)code) ? new Rune((int)code).ToString()
        : throw new TemplateException("'%c' needs a character.");

    static BigInteger Whole(char type, object? value) => TemplateNumbers.IsWhole(value) ? TemplateNumbers.Big(value)
        : value is double d && type is 'd' or 'i' or 'u' && double.IsFinite((double)value) ? new BigInteger(Math.Truncate((double)value))
        : throw new TemplateException($"'%{type}' needs a whole number.");

    // A width or precision, which may be given as a value.
    long? Count()
    {
        if (Now == '*')
        {
            at++;
            return TemplateNumbers.Integer(Next());
        }
        var start = at;
        while (char.IsAsciiDigit(Now))
            at++;
        if (at == start)
            return null;
        return long.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= TemplateValue.MaxText
            ? count : throw TemplateValue.TextTooLong();
    }

    object? Next() => used < values.Length ? values[used++] : throw new TemplateException("'%' is given fewer values than the text takes.");

    static TemplateException Cut() => new("a format after '%' is cut short.");
}
