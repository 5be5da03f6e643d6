using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Filter = System.Func<object?, Rlef.Policy.TemplateArguments, object?>;

namespace Rlef.Policy;

/// <summary>Jinja's filters by name.</summary>
static class TemplateFilters
{
    static readonly FrozenDictionary<string, Filter> All = TextFilters.All.Concat(ItemFilters.All).Concat(new Dictionary<string, Filter>
    {
        ["default"] = Default,
        ["d"] = Default,
        ["tojson"] = TemplateJson.Write,
        ["attr"] = (value, a) => TemplateMember.Only(value, TemplateText.Of(a.Bind(("name", TemplateArguments.Must))[0])),
        ["abs"] = (value, a) => a.None(value) is double d ? Math.Abs(d) : TemplateNumbers.Signed(TemplateNumbers.Big(value).Sign < 0, value),
        ["round"] = Round,
        ["int"] = Int,
        ["float"] = Float,
    }).ToFrozenDictionary();

    public static object? Apply(string name, object? value, TemplateArguments arguments) =>
        All.TryGetValue(name, out var filter) ? filter(value, arguments) : throw new TemplateException($"the filter '{name}' is not known.");

    static object? Default(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("default_value", ""), ("boolean", false));
        return value is TemplateUndefined || TemplateValue.Truth(a[1]) && !TemplateValue.Truth(value) ? a[0] : value;
    }

    static object? Round(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("precision", 0L), ("method", "common"));
        var digits = Math.Clamp(TemplateNumbers.Integer(a[0]), -400, 400);
        if (TemplateValue.Str(a[1]) is not ("common" or "ceil" or "floor") and var method)
            throw new TemplateException($"the filter 'round' does not know the method '{method}'.");
        if (TemplateValue.Str(a[1]) == "common")
            return TemplateNumbers.IsWhole(value) ? Rounded(TemplateNumbers.Big(value), digits)
                : TemplateNumbers.Real(value) is var d && !double.IsFinite(d) ? d : double.Parse(FloatDigits.Fixed(d, digits), CultureInfo.InvariantCulture);
        // As Jinja does it: by powers of ten, whose product is rounded too.
        var power = TemplateNumbers.Calculate("**", 10L, digits);
        var scaled = TemplateNumbers.Real(TemplateNumbers.Calculate("*", value, power));
        if (!double.IsFinite(scaled))
            throw new TemplateException("the filter 'round' needs a finite number.");
        return TemplateNumbers.Calculate("/", TemplateNumbers.Normal(new(TemplateValue.Str(a[1]) == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled))), power);
    }

    static object Rounded(BigInteger value, long digits)
    {
        var unit = BigInteger.Pow(10, (int)Math.Max(0, -digits));
        var size = FloatDigits.Rounded(BigInteger.Abs(value), unit) * unit;
        return TemplateNumbers.Normal(value.Sign < 0 ? -size : size);
    }

    static object? Int(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("default", 0L), ("base", 10L));
        if (TemplateNumbers.IsWhole(value) || value is TemplateUndefined)
            return TemplateNumbers.Normal(TemplateNumbers.Big(value));
        if (TemplateValue.Str(value) is { } text && TemplateNumbers.Parse(text, TemplateNumbers.Integer(a[1])) is { } whole)
            return whole;
        var real = value as double? ?? (TemplateValue.Str(value) is { } digits ? TemplateNumbers.ParseReal(digits) : null);
        return real is { } d && double.IsFinite(d) ? TemplateNumbers.Normal(new(Math.Truncate(d)))
            : value is double.PositiveInfinity or double.NegativeInfinity ? throw new TemplateException("an infinite number has no 'int'.") : a[0];
    }

    static object? Float(object? value, TemplateArguments arguments)
    {
        var otherwise = arguments.Bind(("default", 0.0))[0];
        return TemplateNumbers.Is(value) || value is TemplateUndefined ? TemplateNumbers.Real(value)
            : TemplateValue.Str(value) is { } text && TemplateNumbers.ParseReal(text) is { } d ? d : otherwise;
    }
}
