namespace Rlef.Policy;

/// <summary>Python's operators for numbers, texts, lists and tuples.</summary>
static class TemplateOperators
{
    public static object? Calculate(string sign, object? a, object? b)
    {
        if ((sign == "%" && a is string or TemplateMarkup ? a as TemplateUndefined : a as TemplateUndefined ?? b as TemplateUndefined) is { } undefined)
            throw undefined.Fault("calculate with it");
        if (TemplateNumbers.Is(a) && TemplateNumbers.Is(b))
            return sign == "+" ? TemplateNumbers.Add(a, b) : TemplateNumbers.Calculate(sign, a, b);
        return (sign, a, b) switch
        {
            ("+", string x, string y) => TemplateValue.Concat("", [x, y]),
            ("+", string or TemplateMarkup, string or TemplateMarkup) => new TemplateMarkup(TemplateValue.Concat("", [TemplateMarkup.Escape(a).Text, TemplateMarkup.Escape(b).Text])),
            ("+", List<object?> x, List<object?> y) => TemplateValue.List(x.Concat(y)),
            ("+", TemplateTuple x, TemplateTuple y) => new TemplateTuple([.. TemplateValue.List(x.Items.Concat(y.Items))]),
            ("*", _, _) when TemplateNumbers.IsWhole(b) && Repeated(a, b) is { } repeated => repeated,
            ("*", _, _) when TemplateNumbers.IsWhole(a) && Repeated(b, a) is { } repeated => repeated,
            ("%", string text, _) => PercentFormat.Apply(text, b),
            _ => throw new TemplateException($"'{TemplateText.Kind(a)}' {sign} '{TemplateText.Kind(b)}' is not known{(sign == "+" ? ": they cannot be added" : "")}."),
        };
    }

    static object? Repeated(object? value, object? times) => value switch
    {
        string text => Repeated(text, times),
        TemplateMarkup text => new TemplateMarkup(Repeated(text.Text, times)),
        List<object?> list => Repeated(list, times),
        TemplateTuple tuple => new TemplateTuple([.. Repeated(tuple.Items, times)]),
        _ => null,
    };

    static string Repeated(string text, object? times)
    {
        var count = Times(times, text.Length, TemplateValue.MaxText) ?? throw TemplateValue.TextTooLong();
        return string.Concat(Enumerable.Repeat(text, count));
    }

    static List<object?> Repeated(IList<object?> items, object? times)
    {
        var count = Times(times, items.Count, TemplateValue.MaxItems) ?? throw new TemplateException("a list grows beyond all bounds.");
        return [.. Enumerable.Repeat(items, count).SelectMany(i => i)];
    }

    static int? Times(object? times, int length, int most) =>
        TemplateNumbers.Big(times) is var n && (n.Sign <= 0 || length == 0) ? 0 : n * length > most ? null : (int)n;
}
