using Value = System.Func<Rlef.Policy.TemplateScope, object?>;

namespace Rlef.Policy;

/// <summary>Turns a template's expressions into functions of its variables, by Jinja's precedence.</summary>
abstract class TemplateExpressions(List<TemplateToken> tokens)
{
    const int MaxDepth = 100;
    int at, depth;

    protected TemplateToken Now => tokens[at];
    protected TemplateToken Peek(int ahead) => tokens[Math.Min(at + ahead, tokens.Count - 1)];
    protected TemplateToken Take() => tokens[at < tokens.Count - 1 ? at++ : at];
    protected TemplateException Fault(string what) => new($"line {Now.Line}: {what}.");

    protected bool Accept(string text) => Now.Kind == TemplateTokenKind.Operator && Now.Text == text && Take() is var _;
    protected bool AcceptName(string text) => Now.Kind == TemplateTokenKind.Name && Now.Text == text && Take() is var _;
    protected string Name() => Now.Kind == TemplateTokenKind.Name ? Take().Text : throw Fault($"a name is missing before '{Now.Text}'");

    protected void Expect(TemplateTokenKind kind, string text)
    {
        if (Take().Kind != kind)
            throw Fault($"'{text}' is missing");
    }

    protected void ExpectOperator(string text)
    {
        if (!Accept(text))
            throw Fault($"'{text}' is missing");
    }

    /// <param name="conditional">Whether an <c>if</c> after it belongs to it.</param>
    protected Value Expression(bool conditional = true)
    {
        if (++depth > MaxDepth)
            throw Fault("an expression is nested too deeply");
        var value = Or();
        if (conditional && AcceptName("if"))
        {
            var condition = Or();
            var otherwise = AcceptName("else") ? Expression() : _ => TemplateValue.Undefined;
            var then = value;
            value = s => TemplateValue.Truth(condition(s)) ? then(s) : otherwise(s);
        }
        depth--;
        return value;
    }

    Value Or()
    {
        var left = And();
        while (AcceptName("or"))
        {
            var (first, second) = (left, And());
            left = s => first(s) is var value && TemplateValue.Truth(value) ? value : second(s);
        }
        return left;
    }

    Value And()
    {
        var left = Not();
        while (AcceptName("and"))
        {
            var (first, second) = (left, Not());
            left = s => first(s) is var value && TemplateValue.Truth(value) ? second(s) : value;
        }
        return left;
    }

    Value Not()
    {
        if (!AcceptName("not"))
            return Comparison();
        if (++depth > MaxDepth)
            throw Fault("an expression is nested too deeply");
        var value = Not();
        depth--;
        return s => !TemplateValue.Truth(value(s));
    }

    Value Comparison()
    {
        var left = Joined();
        while (true)
        {
            var first = left;
            if (Now.Kind == TemplateTokenKind.Operator && Now.Text is "==" or "!=" or "<" or ">" or "<=" or ">=")
            {
                var (sign, second) = (Take().Text, Joined());
                left = s => sign switch
                {
                    "==" => TemplateValue.Equals(first(s), second(s)),
                    "!=" => !TemplateValue.Equals(first(s), second(s)),
                    "<" => TemplateValue.Compare(first(s), second(s)) < 0,
                    ">" => TemplateValue.Compare(first(s), second(s)) > 0,
                    "<=" => TemplateValue.Compare(first(s), second(s)) <= 0,
                    _ => TemplateValue.Compare(first(s), second(s)) >= 0,
                };
            }
            else if (AcceptName("in"))
            {
                var second = Joined();
                left = s => TemplateValue.Contains(second(s), first(s));
            }
            else if (Now is { Kind: TemplateTokenKind.Name, Text: "not" } && Peek(1).Text == "in")
            {
                Take();
                Take();
                var second = Joined();
                left = s => !TemplateValue.Contains(second(s), first(s));
            }
            else
                return left;
        }
    }

    Value Joined()
    {
        var left = Sum();
        while (Accept("~"))
        {
            var (first, second) = (left, Sum());
            left = s => TemplateValue.Join(TemplateValue.Text(first(s)), TemplateValue.Text(second(s)));
        }
        return left;
    }

    Value Sum()
    {
        var left = Product();
        while (Now.Kind == TemplateTokenKind.Operator && Now.Text is "+" or "-")
        {
            var (first, plus, second) = (left, Take().Text == "+", Product());
            left = s => plus ? TemplateValue.Add(first(s), second(s)) : TemplateValue.Calculate("-", first(s), second(s));
        }
        return left;
    }

    Value Product()
    {
        var left = Sign();
        while (Now.Kind == TemplateTokenKind.Operator && Now.Text is "*" or "/" or "//" or "%")
        {
            var (first, sign, second) = (left, Take().Text, Sign());
            left = s => TemplateValue.Calculate(sign, first(s), second(s));
        }
        return left;
    }

    Value Sign()
    {
        if (!Accept("-"))
            return Tested(Filtered(Postfix(Primary())));
        var value = Tested(Filtered(Postfix(Primary())));
        return s => value(s) is double d ? -d : (object?)-TemplateValue.Integer(value(s));
    }

    Value Filtered(Value value)
    {
        while (Accept("|"))
        {
            var (inner, name) = (value, Name());
            var (arguments, named) = Accept("(") ? Arguments() : ([], []);
            value = s => TemplateMethods.Filter(name, inner(s), [.. arguments.Select(a => a(s))], named.ToDictionary(n => n.Name, n => n.Value(s)));
            value = Postfix(value);
        }
        return value;
    }

    Value Tested(Value value)
    {
        while (AcceptName("is"))
        {
            var (inner, not) = (value, AcceptName("not"));
            var name = Now.Kind == TemplateTokenKind.Operator ? Take().Text : Name();
            var argument = Accept("(") ? Arguments().Placed.FirstOrDefault()
                : Now.Kind is TemplateTokenKind.String or TemplateTokenKind.Number || name == "in" ? Postfix(Primary()) : null;
            value = s => TemplateMethods.Test(name, inner(s), argument?.Invoke(s)) != not;
        }
        return value;
    }

    Value Postfix(Value value)
    {
        while (true)
        {
            var inner = value;
            if (Accept("."))
            {
                var key = Now.Kind == TemplateTokenKind.Number ? Take().Value : Name();
                value = s => TemplateValue.Member(inner(s), key);
            }
            else if (Accept("["))
                value = Subscript(inner);
            else if (Accept("("))
            {
                var (arguments, named) = Arguments();
                value = s =>
                {
                    s.Step();
                    var function = inner(s) as TemplateFunction ?? throw new TemplateException("what is called is no function.");
                    try
                    {
                        return function([.. arguments.Select(a => a(s))], named.ToDictionary(n => n.Name, n => n.Value(s)));
                    }
                    catch (ArgumentOutOfRangeException)
                    {
                        throw new TemplateException("a function is called with too few arguments.");
                    }
                };
            }
            else
                return value;
        }
    }

    Value Subscript(Value value)
    {
        var from = Now.Text is ":" ? null : Expression();
        if (from is not null && Accept("]"))
            return s => TemplateValue.Member(value(s), from(s));
        ExpectOperator(":");
        var to = Now.Text is ":" or "]" ? null : Expression();
        var by = Accept(":") && Now.Text is not "]" ? Expression() : null;
        ExpectOperator("]");
        return s => TemplateValue.Slice(value(s), from?.Invoke(s), to?.Invoke(s), by?.Invoke(s));
    }

    (List<Value> Placed, List<(string Name, Value Value)> Named) Arguments()
    {
        List<Value> placed = [];
        List<(string, Value)> named = [];
        while (!Accept(")"))
        {
            if (Now.Kind == TemplateTokenKind.Name && Peek(1) is { Kind: TemplateTokenKind.Operator, Text: "=" })
            {
                var name = Name();
                Take();
                named.Add((name, Expression()));
            }
            else
                placed.Add(Expression());
            if (!Accept(",") && Now.Text != ")")
                throw Fault("')' is missing");
        }
        return (placed, named);
    }

    Value Primary()
    {
        var token = Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Number:
                return _ => token.Value;
            case TemplateTokenKind.String:
                // Neighbouring texts are one.
                var text = token.Text;
                while (Now.Kind == TemplateTokenKind.String)
                    text += Take().Text;
                return _ => text;
            case TemplateTokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => _ => true,
                    "false" or "False" => _ => false,
                    "none" or "None" => _ => null,
                    var name => s => s[name],
                };
            case TemplateTokenKind.Operator when token.Text == "(":
                return Tuple(")", single: true);
            case TemplateTokenKind.Operator when token.Text == "[":
                return Tuple("]", single: false);
            case TemplateTokenKind.Operator when token.Text == "{":
                return Map();
            default:
                throw Fault($"an expression is missing before '{token.Text}'");
        }
    }

    Value Tuple(string close, bool single)
    {
        List<Value> items = [];
        var comma = false;
        while (!Accept(close))
        {
            items.Add(Expression());
            comma = Accept(",");
            if (!comma && Now.Text != close)
                throw Fault($"'{close}' is missing");
        }
        return single && !comma && items.Count == 1 ? items[0] : s => items.Select(i => i(s)).ToList();
    }

    Value Map()
    {
        List<(Value Key, Value Value)> items = [];
        while (!Accept("}"))
        {
            var key = Expression();
            ExpectOperator(":");
            items.Add((key, Expression()));
            if (!Accept(",") && Now.Text != "}")
                throw Fault("'}' is missing");
        }
        return s =>
        {
            var map = new Dictionary<string, object?>();
            foreach (var (key, value) in items)
                map[TemplateValue.Text(key(s))] = value(s);
            return map;
        };
    }
}
