using System.Globalization;
using System.Numerics;

namespace Rlef.Policy;

/// <summary>How a value is written by <c>%</c> and by <c>format</c>: Python's format specification.</summary>
readonly record struct NumberFormat(string Fill, char Align, char Sign, bool Alternate, long Width, char Grouping, long? Precision, char Type)
{
    public string Text(string text)
    {
        if (Sign != '\0' || Alternate || Grouping != '\0' || Align == '=')
            throw new TemplateException("the format of a text knows no sign, grouping or prefix.");
        if (Precision is { } most && TextPoints.Count(text) > most)
            text = text[..TextPoints.Unit(text, most)];
        return Padded("", text, '<');
    }

    public string Number(object value)
    {
        var real = value is double || Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%';
        return real ? Real(TemplateNumbers.Real(value)) : Whole(TemplateNumbers.Big(value));
    }

    string Whole(BigInteger value)
    {
        if (Precision is not null)
            throw new TemplateException("the format of a whole number knows no precision.");
        var (radix, prefix) = Type switch { '\0' or 'd' => (10, ""), 'x' => (16, "0x"), 'X' => (16, "0X"), 'o' => (8, "0o"), 'b' => (2, "0b"), _ => throw Unknown() };
        if (Type == 'c')
            throw Unknown();
        return Padded(Signed(value.Sign < 0) + (Alternate ? prefix : ""), Grouped(Digits(BigInteger.Abs(value), radix, Type == 'X'), radix == 10 ? 3 : 4), '>');
    }

    /// <summary>The digits of a number that is not negative.</summary>
    public static string Digits(BigInteger value, int radix, bool capital)
    {
        if (radix == 10 || value.IsZero)
            return value.ToString(CultureInfo.InvariantCulture);
        List<char> digits = [];
        for (; !value.IsZero; value /= radix)
            digits.Add((capital ? "0123456789ABCDEF" : "0123456789abcdef")[(int)(value % radix)]);
        digits.Reverse();
        return new([.. digits]);
    }

    string Real(double value)
    {
        var (minus, size) = (double.IsNegative(value) && !double.IsNaN(value), Math.Abs(value));
        string digits;
        if (!double.IsFinite(size))
            digits = double.IsNaN(size) ? "nan" : "inf";
        else
            digits = char.ToLowerInvariant(Type) switch
            {
                'f' => FloatDigits.Fixed(size, Precision ?? 6) + (Alternate && Precision == 0 ? "." : ""),
                '%' => FloatDigits.Fixed(size * 100, Precision ?? 6),
                'e' => Scientific(FloatDigits.Significant(size, (Precision ?? 6) + 1)),
                'g' => General(size, false),
                '\0' => Precision is null ? TemplateNumbers.Text(size) : General(size, true),
                _ => throw Unknown(),
            };
        if (char.IsAsciiLetterUpper(Type))
            digits = digits.ToUpperInvariant();
        return Padded(Signed(minus), Grouped(digits, 3) + (Type == '%' ? "%" : ""), '>');
    }

    static string Scientific((string Digits, int Exponent) value) =>
        $"{value.Digits[0]}{(value.Digits.Length > 1 ? "." + value.Digits[1..] : "")}e{FloatDigits.Exponent(value.Exponent)}";

    string General(double size, bool point)
    {
        var most = Math.Max(1, Precision ?? 6);
        var (digits, exponent) = FloatDigits.Significant(size, most);
        var scientific = exponent < -4 || exponent >= most - (point ? 1 : 0);
        if (!scientific)
            digits = FloatDigits.Fixed(size, most - 1 - exponent);
        if (!Alternate)
            digits = scientific ? digits[0] + digits[1..].TrimEnd('0') : digits.Contains('.') ? digits.TrimEnd('0').TrimEnd('.') : digits;
        return scientific ? Scientific((digits, exponent)) : point && !digits.Contains('.') ? digits + ".0" : digits;
    }

    string Signed(bool minus) => minus ? "-" : Sign is '+' or ' ' ? Sign.ToString() : "";

    string Grouped(string digits, int size)
    {
        if (Grouping == '\0')
            return digits;
        if (Grouping == ',' && size == 4)
            throw new TemplateException("digits other than decimal are not grouped by commas.");
        var end = digits.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") is var other && other >= 0 ? other : digits.Length;
        if (end == digits.Length && digits.Contains('e', StringComparison.OrdinalIgnoreCase) && size == 3)
            end = digits.IndexOf('e', StringComparison.OrdinalIgnoreCase);
        var whole = digits[..end];
        for (var i = whole.Length - size; i > 0; i -= size)
            whole = whole.Insert(i, Grouping.ToString());
        return whole + digits[end..];
    }

    string Padded(string sign, string text, char otherwise)
    {
        var align = Align == '\0' ? otherwise : Align;
        if (align == '=' && Grouping != '\0' && Width > sign.Length + text.Length)
            throw new TemplateException("zeros before grouped digits are not known.");
        return align switch
        {
            '=' => sign + TextMethods.Justify(text, "rjust", Width - sign.Length, Fill),
            '<' => TextMethods.Justify(sign + text, "ljust", Width, Fill),
            '>' => TextMethods.Justify(sign + text, "rjust", Width, Fill),
            _ => Centred(sign + text),
        };
    }

    string Centred(string text)
    {
        // Unlike the method center, a format gives the right side more.
        var missing = Math.Max(0, Width - TextPoints.Count(text));
        return TextMethods.Justify(TextMethods.Justify(text, "rjust", TextPoints.Count(text) + missing / 2, Fill), "ljust", Width, Fill);
    }

    TemplateException Unknown() => new($"the format '{Type}' is not known.");
}
