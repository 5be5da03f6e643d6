using Value = System.Func<Rlef.Policy.TemplateScope, object?>;

namespace Rlef.Policy;

/// <summary>Turns a template's expressions into functions of its variables, by Jinja's precedence.</summary>
abstract class TemplateExpressions(List<TemplateToken> tokens) : TemplateOperands(tokens)
{
    /// <param name="conditional">Whether an <c>if</c> after it belongs to it.</param>
    protected override Value Expression(bool conditional = true) => Deeper("an expression is nested", () =>
    {
        var value = Or();
        while (conditional && AcceptName("if"))
        {
            var (then, condition) = (value, Or());
            Value otherwise = AcceptName("else") ? Expression() : _ => new TemplateUndefined("an 'if' without 'else'");
            value = s => TemplateValue.Truth(condition(s.Deeper())) ? then(s) : otherwise(s);
        }
        return value;
    });

    /// <summary>An expression, or several with commas between, which are a tuple.</summary>
    /// <param name="end">A word that ends it.</param>
    protected Value Several(bool conditional = true, string? end = null)
    {
        List<Value> items = [Expression(conditional)];
        var comma = false;
        while (Accept(","))
        {
            comma = true;
            if (Now.Kind is TemplateTokenKind.BlockEnd or TemplateTokenKind.OutputEnd || end is not null && IsName(end))
                break;
            items.Add(Expression(conditional));
        }
        return comma ? s => new TemplateTuple([.. items.Select(i => i(s))]) : items[0];
    }

    Value Or()
    {
        var left = And();
        while (AcceptName("or"))
        {
            var (first, second) = (left, And());
            left = s => first(s.Deeper()) is var value && TemplateValue.Truth(value) ? value : second(s);
        }
        return left;
    }

    Value And()
    {
        var left = Not();
        while (AcceptName("and"))
        {
            var (first, second) = (left, Not());
            left = s => first(s.Deeper()) is var value && TemplateValue.Truth(value) ? second(s) : value;
        }
        return left;
    }

    Value Not()
    {
        if (!AcceptName("not"))
            return Comparison();
        var value = Deeper("an expression is nested", Not);
        return s => !TemplateValue.Truth(value(s.Deeper()));
    }

    Value Comparison()
    {
        var first = Sum();
        List<(string Sign, Value Value)> others = [];
        while (true)
            if (Now.Kind == TemplateTokenKind.Operator && Now.Text is "==" or "!=" or "<" or ">" or "<=" or ">=")
                others.Add((Take().Text, Sum()));
            else if (AcceptName("in"))
                others.Add(("in", Sum()));
            else if (IsName("not") && Peek(1) is { Kind: TemplateTokenKind.Name, Text: "in" })
            {
                Take();
                Take();
                others.Add(("not in", Sum()));
            }
            else
                break;
        return others.Count == 0 ? first : s =>
        {
            // As in Python, 1 < x < 3 compares x with both.
            var left = first(s);
            foreach (var (sign, value) in others)
            {
                var right = value(s);
                s.Spend(left);
                s.Spend(right);
                if (!TemplateValue.Compares(sign, left, right))
                    return false;
                left = right;
            }
            return true;
        };
    }

    Value Sum()
    {
        var left = Joined();
        while (Now.Kind == TemplateTokenKind.Operator && Now.Text is "+" or "-")
            left = Calculated(Take().Text, left, Joined());
        return left;
    }

    Value Joined()
    {
        List<Value> parts = [Product()];
        while (Accept("~"))
            parts.Add(Product());
        return parts.Count == 1 ? parts[0] : s => s.Spend(TemplateValue.Concat("", parts.Select(p => TemplateText.Of(p(s))).ToList()));
    }

    Value Product()
    {
        var left = Power();
        while (Now.Kind == TemplateTokenKind.Operator && Now.Text is "*" or "/" or "//" or "%")
            left = Calculated(Take().Text, left, Power());
        return left;
    }

    Value Power()
    {
        var left = Sign();
        while (Accept("**"))
            left = Calculated("**", left, Sign());
        return left;
    }

    static Value Calculated(string sign, Value first, Value second) => s => s.Spend(TemplateOperators.Calculate(sign, first(s.Deeper()), second(s)));

    // A sign binds closer than a filter.
    Value Sign(bool filters = true)
    {
        var sign = IsOperator("-") || IsOperator("+") ? Take().Text : null;
        var value = sign is null ? Primary() : Deeper("an expression is nested", () => Sign(false));
        if (sign is not null)
        {
            var inner = value;
            value = s => TemplateNumbers.Signed(sign == "-", inner(s));
        }
        value = Postfix(value);
        return filters ? Filtered(value) : value;
    }
}
