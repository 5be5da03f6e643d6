using System.Collections.Frozen;
using System.Numerics;
using OneArgument = (string? Name, System.Func<object?, object?, bool> Test);

namespace Rlef.Policy;

/// <summary>Jinja's tests by name.</summary>
static class TemplateTests
{
    static readonly FrozenDictionary<string, Func<object?, bool>> Alone = new Dictionary<string, Func<object?, bool>>
    {
        ["defined"] = value => value is not TemplateUndefined,
        ["undefined"] = value => value is TemplateUndefined,
        ["none"] = value => value is null,
        ["boolean"] = value => value is bool,
        ["true"] = value => value is true,
        ["false"] = value => value is false,
        ["integer"] = value => value is long or BigInteger,
        ["float"] = value => value is double,
        ["number"] = TemplateNumbers.Is,
        ["string"] = value => value is string or TemplateMarkup,
        ["mapping"] = value => value is TemplateMap,
        ["sequence"] = value => value is string or TemplateMarkup or List<object?> or TemplateTuple or TemplateMap or TemplateRange or TemplateUndefined,
        ["iterable"] = value => value is TemplateLoop || TemplateValue.Elements(value) is not null,
        ["callable"] = value => value is ITemplateCallable or TemplateUndefined,
        ["escaped"] = value => value is TemplateMarkup,
        ["lower"] = value => TextCase.IsLower(TemplateText.Of(value)),
        ["upper"] = value => TextCase.IsUpper(TemplateText.Of(value)),
        ["odd"] = value => TemplateValue.Equals(TemplateOperators.Calculate("%", value, 2L), 1L),
        ["even"] = value => TemplateValue.Equals(TemplateOperators.Calculate("%", value, 2L), 0L),
    }.ToFrozenDictionary();

    // By the argument's name, where it has one.
    static readonly FrozenDictionary<string, OneArgument> WithOne = new Dictionary<string, OneArgument>
    {
        ["divisibleby"] = ("num", (value, other) => TemplateValue.Equals(TemplateOperators.Calculate("%", value, other), 0L)),
        ["sameas"] = ("other", Same),
        ["in"] = ("seq", (value, all) => TemplateValue.Contains(all, value)),
        ["=="] = Operator("=="),
        ["eq"] = Operator("=="),
        ["equalto"] = Operator("=="),
        ["!="] = Operator("!="),
        ["ne"] = Operator("!="),
        [">"] = Operator(">"),
        ["gt"] = Operator(">"),
        ["greaterthan"] = Operator(">"),
        [">="] = Operator(">="),
        ["ge"] = Operator(">="),
        ["<"] = Operator("<"),
        ["lt"] = Operator("<"),
        ["lessthan"] = Operator("<"),
        ["<="] = Operator("<="),
        ["le"] = Operator("<="),
    }.ToFrozenDictionary();

    static OneArgument Operator(string sign) => (null, (a, b) => TemplateValue.Compares(sign, a, b));

    // Python holds None, the truth values and small whole numbers once; of other plain values it cannot be told.
    static bool Same(object? a, object? b) => (a, b) switch
    {
        (null or bool, _) or (_, null or bool) => Equals(a, b),
        (long x, long y) when x != y || x is >= -5 and <= 256 => x == y,
        (long or double or string or BigInteger, _) when a.GetType() == b.GetType() && a.Equals(b) =>
            throw new TemplateException("the test 'sameas' of equal numbers or texts is not known."),
        _ => ReferenceEquals(a, b),
    };

    public static bool Apply(string name, object? value, TemplateArguments arguments)
    {
        if (Alone.TryGetValue(name, out var alone))
            return alone(arguments.None(value));
        if (WithOne.TryGetValue(name, out var test))
            return test.Test(value, (test.Name is null ? arguments.Only(1, 1) : arguments.Bind((test.Name, TemplateArguments.Must)))[0]);
        throw new TemplateException($"the test '{name}' is not known.");
    }
}
