using Arguments = System.Func<Rlef.Policy.TemplateScope, string, Rlef.Policy.TemplateArguments>;
using Value = System.Func<Rlef.Policy.TemplateScope, object?>;

namespace Rlef.Policy;

/// <summary>What a template's operators join: literals, names, members, calls, filters and tests.</summary>
abstract class TemplateOperands(List<TemplateToken> tokens) : TemplateTokens(tokens)
{
    static readonly Arguments NoArguments = (_, callee) => new(callee, [], []);

    /// <summary>Names that were read so far.</summary>
    protected HashSet<string> Used { get; set; } = [];

    protected abstract Value Expression(bool conditional = true);

    protected Value Primary()
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
                switch (token.Text)
                {
                    case "true" or "True": return _ => true;
                    case "false" or "False": return _ => false;
                    case "none" or "None": return _ => null;
                }
                Used.Add(token.Text);
                return s => s[token.Text];
            case TemplateTokenKind.Operator when token.Text == "(":
                var (items, comma) = Items(")");
                return items.Count == 1 && !comma ? items[0] : s => new TemplateTuple([.. items.Select(i => i(s))]);
            case TemplateTokenKind.Operator when token.Text == "[":
                var (elements, _) = Items("]");
                return s => elements.Select(e => e(s)).ToList();
            case TemplateTokenKind.Operator when token.Text == "{":
                return Map();
            default:
                throw Fault($"an expression is missing before '{token.Text}'");
        }
    }

    (List<Value> Items, bool Comma) Items(string close)
    {
        List<Value> items = [];
        var comma = false;
        while (!Accept(close))
        {
            items.Add(Expression());
            comma = Accept(",");
            if (!comma && !IsOperator(close))
                throw Fault($"'{close}' is missing");
        }
        return (items, comma);
    }

    Value Map()
    {
        List<(Value Key, Value Value)> items = [];
        while (!Accept("}"))
        {
            var key = Expression();
            ExpectOperator(":");
            items.Add((key, Expression()));
            if (!Accept(",") && !IsOperator("}"))
                throw Fault("'}' is missing");
        }
        return s =>
        {
            var map = new TemplateMap();
            foreach (var (key, value) in items)
                map[key(s)] = value(s);
            return map;
        };
    }

    protected Value Postfix(Value value)
    {
        while (true)
        {
            var inner = value;
            if (Accept("."))
            {
                if (Now is { Kind: TemplateTokenKind.Number, Value: not double })
                {
                    var place = Take().Value;
                    value = s => TemplateMember.Item(s.Scan(inner(s.Deeper())), place);
                }
                else
                {
                    var name = Name();
                    value = s => TemplateMember.Attribute(s.Scan(inner(s.Deeper())), name);
                }
            }
            else if (Accept("["))
                value = Subscript(inner);
            else if (IsOperator("("))
                value = Call(inner);
            else
                return value;
        }
    }

    Value Call(Value inner)
    {
        var arguments = Given();
        Value call = s => Call(s, inner(s), arguments);
        LastCall = (call, inner, arguments);
        return call;
    }

    /// <summary>The call that was read last, for a block that calls.</summary>
    protected (Value Call, Value Function, Arguments Arguments) LastCall { get; private set; } = (_ => null, _ => null, NoArguments);

    protected static object? Call(TemplateScope s, object? function, Arguments arguments, TemplateMacro? caller = null)
    {
        s.Step();
        var callee = function switch
        {
            ITemplateCallable callable => callable,
            TemplateUndefined undefined => throw undefined.Fault("call it"),
            _ => throw new TemplateException("what is called is no function."),
        };
        var given = arguments(s, callee.Name);
        if (caller is not null)
            given.Named["caller"] = caller;
        return s.Spend(callee.Call(given));
    }

    Value Subscript(Value value)
    {
        var from = IsOperator(":") ? null : Expression();
        if (from is not null && !IsOperator(":"))
        {
            if (IsOperator(","))
            {
                List<Value> keys = [from];
                while (Accept(",") && !IsOperator("]"))
                    keys.Add(Expression());
                from = s => new TemplateTuple([.. keys.Select(k => k(s))]);
            }
            ExpectOperator("]");
            return s => TemplateMember.Item(s.Scan(value(s.Deeper())), from(s));
        }
        ExpectOperator(":");
        var to = IsOperator(":") || IsOperator("]") ? null : Expression();
        var by = Accept(":") && !IsOperator("]") ? Expression() : null;
        ExpectOperator("]");
        return s => s.Spend(TemplateMember.Slice(s.Spend(value(s)), from?.Invoke(s), to?.Invoke(s), by?.Invoke(s)));
    }

    protected Value Filtered(Value value)
    {
        while (true)
            if (IsOperator("|"))
                value = Filters(value);
            else if (AcceptName("is"))
                value = Tested(value);
            else if (IsOperator("("))
                value = Call(value);
            else
                return value;
    }

    /// <summary>Filters one after another.</summary>
    /// <param name="first">Whether the first has no bar before it.</param>
    protected Value Filters(Value value, bool first = false)
    {
        while (first || Accept("|"))
        {
            first = false;
            var (inner, name) = (value, Dotted());
            var arguments = IsOperator("(") ? Given() : NoArguments;
            value = s =>
            {
                s.Step();
                var filtered = name is "length" or "count" or "first" or "default" or "d" ? s.Scan(inner(s.Deeper())) : s.Spend(inner(s));
                return s.Spend(TemplateFilters.Apply(name, filtered, arguments(s, $"the filter '{name}'")));
            };
        }
        return value;
    }

    string Dotted()
    {
        var name = Name();
        while (Accept("."))
            name += "." + Name();
        return name;
    }

    Value Tested(Value value)
    {
        var not = AcceptName("not");
        var name = Dotted();
        var arguments = NoArguments;
        if (IsOperator("("))
            arguments = Given();
        else if (Now.Kind is TemplateTokenKind.String or TemplateTokenKind.Number || IsOperator("[") || IsOperator("{")
            || Now.Kind == TemplateTokenKind.Name && Now.Text is not ("else" or "or" or "and"))
        {
            if (IsName("is"))
                throw Fault("a test of a test needs brackets");
            var argument = Postfix(Primary());
            arguments = (s, callee) => new(callee, [argument(s)], []);
        }
        return s =>
        {
            s.Step();
            var tested = s.Scan(value(s.Deeper()));
            return TemplateTests.Apply(name, tested, arguments(s, $"the test '{name}'")) != not;
        };
    }

    // Arguments in brackets: by place, from a list, by name, from a dictionary.
    Arguments Given()
    {
        ExpectOperator("(");
        List<Value> placed = [];
        List<(string Name, Value Value)> named = [];
        Value? list = null, map = null;
        while (!Accept(")"))
        {
            if (map is not null)
                throw Fault("arguments follow '**'");
            if (Accept("**"))
                map = Expression();
            else if (list is null && Accept("*"))
                list = Expression();
            else if (Now.Kind == TemplateTokenKind.Name && Peek(1) is { Kind: TemplateTokenKind.Operator, Text: "=" })
            {
                var name = Name();
                Take();
                named.Add(named.Any(n => n.Name == name) ? throw Fault($"the argument '{name}' is given twice") : (name, Expression()));
            }
            else if (list is null && named.Count == 0)
                placed.Add(Expression());
            else
                throw Fault("an argument by place follows one by name");
            if (!Accept(",") && !IsOperator(")"))
                throw Fault("')' is missing");
        }
        return (s, callee) =>
        {
            List<object?> values = [.. placed.Select(p => p(s))];
            if (list is not null)
                values.AddRange(TemplateValue.List(list(s)));
            var names = new Dictionary<string, object?>();
            foreach (var (name, value) in named)
                names[name] = value(s);
            if (map is not null)
                foreach (var (key, value) in map(s) as TemplateMap ?? throw new TemplateException("'**' needs a dictionary."))
                    if (key is not string name || !names.TryAdd(name, value))
                        throw new TemplateException($"{callee} is given '{TemplateText.Of(key)}' twice or by no name.");
            return new(callee, values, names);
        };
    }
}
