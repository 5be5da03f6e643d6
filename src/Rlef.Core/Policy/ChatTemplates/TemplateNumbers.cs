using System.Globalization;
using System.Numerics;

namespace Rlef.Policy;

/// <summary>Python's numbers.</summary>
static class TemplateNumbers
{
    /// <summary>Of a whole number; Python too writes no more.</summary>
    public const int MaxDigits = 4300;
    static readonly BigInteger Most = BigInteger.Pow(10, MaxDigits);

    public static bool Is(object? value) => value is long or double or bool or BigInteger;
    public static bool IsWhole(object? value) => value is long or bool or BigInteger;

    public static object Normal(BigInteger n) => n >= long.MinValue && n <= long.MaxValue ? (object)(long)n
        : BigInteger.Abs(n) < Most ? n : throw new TemplateException($"a number of more than {MaxDigits} digits.");

    public static BigInteger Big(object? value) => value switch
    {
        long n => n,
        bool b => b ? 1 : 0,
        BigInteger n => n,
        TemplateUndefined undefined => throw undefined.Fault("calculate with it"),
        _ => throw new TemplateException($"'{TemplateText.Kind(value)}' is no whole number."),
    };

    /// <summary>A whole number that Rlef counts with.</summary>
    public static long Integer(object? value) => Big(value) is var n && n >= long.MinValue && n <= long.MaxValue ? (long)n
        : throw new TemplateException($"{n} is too large a number.");

    public static double Real(object? value) => value switch
    {
        double d => d,
        long n => n,
        // .NET cuts where Python rounds.
        BigInteger n => double.Parse(n.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) is var d && double.IsFinite(d) ? d
            : throw new TemplateException("a whole number is too large for a fraction."),
        _ => (double)Big(value),
    };

    public static int Compare(object? a, object? b)
    {
        if (a is long x && b is long y)
            return x.CompareTo(y);
        if (a is double p && b is double q)
            return p.CompareTo(q);
        // A fraction is compared with a whole number as it is.
        if (a is double d)
            return double.IsFinite(d) ? new BigInteger(Math.Floor(d)).CompareTo(Big(b)) is var order && order == 0 && d != Math.Floor(d) ? 1 : order : d.CompareTo(0);
        return b is double ? -Compare(b, a) : Big(a).CompareTo(Big(b));
    }

    public static object Signed(bool minus, object? value) => value is double d ? minus ? -d : d : Normal(minus ? -Big(value) : Big(value));

    public static object Add(object? a, object? b) =>
        a is long x && b is long y ? Narrow((Int128)x + y) : IsWhole(a) && IsWhole(b) ? Normal(Big(a) + Big(b)) : Real(a) + Real(b);

    static object Narrow(Int128 n) => n >= long.MinValue && n <= long.MaxValue ? (object)(long)n : (BigInteger)n;

    public static object Calculate(string sign, object? a, object? b)
    {
        if (sign == "**")
            return Power(a, b);
        if (sign is "/" or "//" or "%" && (b is double d ? d == 0 : Big(b).IsZero))
            throw new TemplateException("division by zero.");
        if (!IsWhole(a) || !IsWhole(b))
            return Calculate(sign, Real(a), Real(b));
        if (sign == "/")
            return Exact(a) / Exact(b);
        var (x, y) = (Big(a), Big(b));
        if (sign is "-" or "*")
            return Normal(sign == "-" ? x - y : x * y);
        var quotient = BigInteger.DivRem(x, y, out var rest);
        var down = !rest.IsZero && rest.Sign != y.Sign;
        return Normal(sign == "//" ? down ? quotient - 1 : quotient : down ? rest + y : rest);
    }

    // Python rounds a quotient once, .NET's floats would round each side first.
    static double Exact(object? value) => BigInteger.Abs(Big(value)) <= 1L << 53 ? Real(value)
        : throw new TemplateException("the division of whole numbers beyond 2**53 is not known.");

    static double Calculate(string sign, double a, double b)
    {
        switch (sign)
        {
            case "-": return a - b;
            case "*": return a * b;
            case "/": return a / b;
        }
        var rest = a % b;
        var quotient = (a - rest) / b;
        if (rest != 0 && rest < 0 != b < 0)
            (rest, quotient) = (rest + b, quotient - 1);
        else if (rest == 0)
            rest = Math.CopySign(0, b);
        if (sign == "%")
            return rest;
        var floor = Math.Floor(quotient);
        return quotient == 0 ? Math.CopySign(0, a / b) : quotient - floor > 0.5 ? floor + 1 : floor;
    }

    static object Power(object? a, object? b)
    {
        if (IsWhole(a) && IsWhole(b) && Big(b).Sign >= 0)
        {
            var (x, n) = (Big(a), Big(b));
            if (BigInteger.Abs(x) <= 1)
                return (long)(x.IsOne || n.IsZero ? 1 : x.IsZero ? 0 : n.IsEven ? 1 : -1);
            if ((double)n * BigInteger.Log10(BigInteger.Abs(x)) > MaxDigits + 1)
                throw new TemplateException($"a number of more than {MaxDigits} digits.");
            return Normal(BigInteger.Pow(x, (int)n));
        }
        var (p, q) = (Real(a), Real(b));
        if (p == 0 && q < 0)
            throw new TemplateException("division by zero.");
        if (p < 0 && double.IsFinite(p) && double.IsFinite(q) && q != Math.Floor(q))
            throw new TemplateException("complex numbers are not known.");
        var result = Math.Pow(p, q);
        return double.IsInfinity(result) && double.IsFinite(p) && double.IsFinite(q) ? throw new TemplateException("a power grows beyond all bounds.") : result;
    }

    /// <summary>Python's repr of a fraction.</summary>
    public static string Text(double d)
    {
        if (!double.IsFinite(d))
            return double.IsNaN(d) ? "nan" : d > 0 ? "inf" : "-inf";
        var text = Math.Abs(d).ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? text : text[..mark];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "");
        var point = (dot < 0 ? mantissa.Length : dot) + (mark < 0 ? 0 : int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture));
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        point = digits.Length == 0 ? 1 : point - leading;
        if (digits.Length == 0)
            digits = "0";
        var sign = double.IsNegative(d) ? "-" : "";
        return sign + (point is > 16 or < -3 ? $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{FloatDigits.Exponent(point - 1)}"
            : point <= 0 ? $"0.{new string('0', -point)}{digits}"
            : point >= digits.Length ? $"{digits}{new string('0', point - digits.Length)}.0"
            : $"{digits[..point]}.{digits[point..]}");
    }

    /// <summary>Python's int of a text; null where it is none.</summary>
    /// <param name="radix">From 2 to 36, or 0 for what the text's beginning says.</param>
    public static object? Parse(string text, long radix)
    {
        if (radix is < 0 or 1 or > 36)
            return null;
        var digits = TextCase.Trim(text, null).ToLowerInvariant();
        var minus = digits.StartsWith('-');
        digits = digits is ['-' or '+', ..] ? digits[1..] : digits;
        var told = digits is ['0', var kind, ..] ? kind switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (told != 0 && (radix == 0 || radix == told))
            (digits, radix) = (digits[2] == '_' ? digits[3..] : digits[2..], told);
        else if (radix == 0)
            radix = digits is ['0', ..] && digits.Trim('0', '_').Length > 0 ? -1 : 10;
        if (radix < 0 || digits.Length is 0 or > MaxDigits || digits is ['_', ..] or [.., '_'] || digits.Contains("__", StringComparison.Ordinal))
            return null;
        var number = BigInteger.Zero;
        foreach (var c in digits)
            if (c != '_')
            {
                var digit = char.IsAsciiLetter(c) ? c - 'a' + 10 : CharUnicodeInfo.GetDecimalDigitValue(c);
                if (digit < 0 || digit >= radix)
                    return null;
                number = number * radix + digit;
            }
        return Normal(minus ? -number : number);
    }

    /// <summary>Python's float of a text; null where it is none.</summary>
    public static double? ParseReal(string text)
    {
        var digits = TextCase.Trim(text, null).ToLowerInvariant();
        var body = digits is ['-' or '+', ..] ? digits[1..] : digits;
        double? value = body switch { "inf" or "infinity" => double.PositiveInfinity, "nan" => double.NaN, _ => null };
        if (value is null)
        {
            for (var i = 0; i < body.Length; i++)
                if (body[i] == '_' && !(i > 0 && i + 1 < body.Length && char.IsAsciiDigit(body[i - 1]) && char.IsAsciiDigit(body[i + 1])))
                    return null;
            if (body.Length == 0 || !(char.IsAsciiDigit(body[0]) || body[0] == '.')
                || !double.TryParse(body.Replace("_", ""), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var parsed))
                return null;
            value = parsed;
        }
        return digits is ['-', ..] ? -value : value;
    }
}
