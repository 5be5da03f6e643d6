using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rlef.Execution;

/// <summary>Numbers in text, as the readers of several languages take them.</summary>
static class NumberText
{
    // Of an exponent: what is longer is no number that a right program writes.
    const int MaxExponentDigits = 18;

    /// <summary>An exact decimal number: ± <paramref name="Digits"/> · 10^<paramref name="Exponent"/>, its digits without zeros at either end. Zero has none.</summary>
    public readonly record struct ExactDecimal(bool Negative, string Digits, long Exponent);

    /// <summary>Whether two texts are whole numbers in decimal digits; if so, whether they are the same one.</summary>
    public static bool? WholeEqual(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        IsWhole(a) && IsWhole(b) ? Magnitude(a).SequenceEqual(Magnitude(b)) && (Magnitude(a).IsEmpty || a[0] == '-' == (b[0] == '-')) : null;

    public static bool IsWhole(ReadOnlySpan<char> token) =>
        token.Length > 0 && Unsigned(token) is { IsEmpty: false } digits && digits.IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The token as Python's <c>float()</c> reads it: any decimal digits of Unicode, underscores between digits, inf and nan; null for none.</summary>
    public static double? Python(ReadOnlySpan<char> token)
    {
        var text = AsciiDigits(token);
        if (text.Contains('_'))
        {
            for (var i = 0; i < text.Length; i++)
                if (text[i] == '_' && !(i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1])))
                    return null;
            text = text.Replace("_", "");
        }
        return Word(text) ?? Decimal(text);
    }

    /// <summary>The token as C's <c>strtod</c> reads it to its end: decimal, or hexadecimal after 0x; null for all else, inf and nan too.</summary>
    public static double? C(ReadOnlySpan<char> token)
    {
        var digits = Unsigned(token);
        if (digits.Length < 2 || digits[0] != '0' || digits[1] is not ('x' or 'X'))
            return Decimal(token);
        return Hexadecimal(digits[2..]) is { } size ? token[0] == '-' ? -size : size : null;
    }

    /// <summary>As <see cref="C"/>, and inf, infinity and nan in any case.</summary>
    public static double? CWithWords(ReadOnlySpan<char> token) => Word(token) ?? C(token);

    /// <summary>The token as Python's <c>Decimal()</c> reads it; null for what is no finite number.</summary>
    public static ExactDecimal? Exact(ReadOnlySpan<char> token)
    {
        ReadOnlySpan<char> text = AsciiDigits(token).Replace("_", "");
        if (text.IsEmpty)
            return null;
        var negative = text[0] == '-';
        text = Unsigned(text);
        long exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            var power = text[(e + 1)..];
            if (!IsWhole(power) || power.Length > MaxExponentDigits)
                return null;
            exponent = long.Parse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var point = text.IndexOf('.');
        ReadOnlySpan<char> digits = point < 0 ? text : string.Concat(text[..point], text[(point + 1)..]);
        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0)
            return null;
        if (point >= 0)
            exponent -= text.Length - point - 1;
        var kept = digits.TrimEnd('0');
        exponent += digits.Length - kept.Length;
        kept = kept.TrimStart('0');
        return kept.IsEmpty ? new(false, "", 0) : new(negative, kept.ToString(), exponent);
    }

    /// <summary>Plus or minus infinity, in the words that Python and C have for it; nan for its words; null for all else.</summary>
    public static double? Word(ReadOnlySpan<char> token)
    {
        var word = Unsigned(token);
        if (word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("infinity", StringComparison.OrdinalIgnoreCase))
            return token[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return word.Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN : null;
    }

    static ReadOnlySpan<char> Unsigned(ReadOnlySpan<char> token) => token is ['+' or '-', ..] ? token[1..] : token;

    static ReadOnlySpan<char> Magnitude(ReadOnlySpan<char> whole) => Unsigned(whole).TrimStart('0');

    /// <summary>The token as a decimal number; null for all else. .NET reads more, such as groups of digits, its own words for infinity, and NUL at the end.</summary>
    public static double? Decimal(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExcept("0123456789+-.eE") < 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    static double? Hexadecimal(ReadOnlySpan<char> text)
    {
        var power = 0;
        var p = text.IndexOfAny('p', 'P');
        if (p >= 0)
        {
            if (!IsWhole(text[(p + 1)..]) || !int.TryParse(text[(p + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power))
                return null;
            text = text[..p];
        }
        var point = text.IndexOf('.');
        ReadOnlySpan<char> digits = point < 0 ? text : string.Concat(text[..point], text[(point + 1)..]);
        if (digits.IsEmpty || !BigInteger.TryParse($"0{digits}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
            return null;
        // Of long mantissas the last bits go: more than a double holds are left.
        var excess = (int)Math.Max(0, (long)size.GetBitLength() - 1000);
        return Math.ScaleB((double)(size >> excess), power + excess - 4 * (point < 0 ? 0 : text.Length - point - 1));
    }

    static string AsciiDigits(ReadOnlySpan<char> token)
    {
        if (Ascii.IsValid(token))
            return token.ToString();
        var text = new StringBuilder(token.Length);
        foreach (var rune in token.EnumerateRunes())
            text.Append(Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
                ? ((char)('0' + (int)Rune.GetNumericValue(rune))).ToString()
                : rune.ToString());
        return text.ToString();
    }
}
