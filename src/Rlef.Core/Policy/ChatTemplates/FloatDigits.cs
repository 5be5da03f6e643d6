using System.Globalization;
using System.Numerics;

namespace Rlef.Policy;

/// <summary>A fraction's decimal digits, rounded as Python rounds them: from its exact value, halves to even.</summary>
static class FloatDigits
{
    const int MostDigits = 1000;

    /// <summary>With a number of digits after the point, which may be negative.</summary>
    public static string Fixed(double value, long decimals)
    {
        if (decimals > MostDigits)
            throw new TemplateException($"a fraction of more than {MostDigits} digits.");
        var digits = Scaled(Math.Abs(value), (int)decimals).ToString(CultureInfo.InvariantCulture);
        var sign = double.IsNegative(value) ? "-" : "";
        if (decimals <= 0)
            return sign + digits + (digits == "0" ? "" : new string('0', (int)-decimals));
        digits = digits.PadLeft((int)decimals + 1, '0');
        return $"{sign}{digits[..^(int)decimals]}.{digits[^(int)decimals..]}";
    }

    /// <summary>A positive value's significant digits and the power of ten of the first.</summary>
    public static (string Digits, int Exponent) Significant(double value, long count)
    {
        if (count > MostDigits)
            throw new TemplateException($"a fraction of more than {MostDigits} digits.");
        if (value == 0)
            return (new string('0', (int)count), 0);
        var exponent = (int)Math.Floor(Math.Log10(value));
        while (true)
        {
            var digits = Scaled(value, (int)count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count)
                return (digits, exponent);
            // The logarithm was off, or rounding added a digit.
            exponent += digits.Length > count ? 1 : -1;
        }
    }

    /// <summary>An exponent of at least two digits.</summary>
    public static string Exponent(int exponent) => (exponent < 0 ? "-" : "+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    // The value times a power of ten as a whole number.
    static BigInteger Scaled(double value, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var power = (int)(bits >> 52) & 0x7ff;
        var mantissa = new BigInteger(bits & 0xfffffffffffff | (power == 0 ? 0 : 1L << 52));
        power = Math.Max(power, 1) - 1075;
        var (numerator, denominator) = (mantissa << Math.Max(power, 0), BigInteger.One << Math.Max(-power, 0));
        return Rounded(numerator * BigInteger.Pow(10, Math.Max(decimals, 0)), denominator * BigInteger.Pow(10, Math.Clamp(-decimals, 0, MostDigits)));
    }

    /// <summary>A quotient of numbers that are not negative, halves to even.</summary>
    public static BigInteger Rounded(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var half = (rest * 2).CompareTo(denominator);
        return half > 0 || half == 0 && !quotient.IsEven ? quotient + 1 : quotient;
    }
}
