using System.Text;
using Statement = System.Action<Rlef.Policy.TemplateScope, System.Text.StringBuilder>;

namespace Rlef.Policy;

/// <summary>Turns a template's statements into functions that write text.</summary>
sealed class TemplateParser(List<TemplateToken> tokens) : TemplateExpressions(tokens)
{
    const int MaxText = 1 << 26, MaxDepth = 100;
    int depth;

    public static Statement Parse(string template)
    {
        var parser = new TemplateParser(new TemplateLexer(template).Read());
        var body = parser.Body();
        return parser.Now.Kind == TemplateTokenKind.End ? body : throw parser.Fault($"'{parser.Peek(1).Text}' closes nothing");
    }

    // Statements up to a block that begins with one of the words, whose name is then the next token but one.
    Statement Body(params string[] ends)
    {
        if (++depth > MaxDepth)
            throw Fault("blocks lie too deep in each other");
        List<Statement> parts = [];
        while (Now.Kind != TemplateTokenKind.End && !(Now.Kind == TemplateTokenKind.BlockStart && Peek(1).Text is var word && (ends.Contains(word) || word is "elif" or "else" || word.StartsWith("end", StringComparison.Ordinal))))
            parts.Add(Part());
        depth--;
        return (scope, output) =>
        {
            foreach (var part in parts)
            {
                if (scope.Broken || scope.Skipped)
                    return;
                scope.Step();
                part(scope, output);
                if (output.Length > MaxText)
                    throw new TemplateException("the text grows beyond all bounds.");
            }
        };
    }

    Statement Part()
    {
        var token = Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Text:
                return (_, output) => output.Append(token.Text);
            case TemplateTokenKind.OutputStart:
                var printed = Expression();
                Expect(TemplateTokenKind.OutputEnd, "}}");
                return (scope, output) => output.Append(TemplateValue.Text(printed(scope)));
            default:
                return Block(Name());
        }
    }

    Statement Block(string word)
    {
        switch (word)
        {
            case "for": return For();
            case "if": return If();
            case "set": return Set();
            case "macro": return Macro();
            case "generation":
                Close();
                return Until("endgeneration");
            case "break":
                Close();
                return (scope, _) => scope.Broken = true;
            case "continue":
                Close();
                return (scope, _) => scope.Skipped = true;
            default: throw Fault($"the statement '{word}' is not known");
        }
    }

    void Close() => Expect(TemplateTokenKind.BlockEnd, "%}");

    // A body and the block that ends it.
    Statement Until(string end)
    {
        var body = Body(end);
        if (Now.Kind != TemplateTokenKind.BlockStart || Peek(1).Text != end)
            throw Fault($"'{end}' is missing");
        Take();
        Take();
        Close();
        return body;
    }

    bool Branch(string word)
    {
        if (Now.Kind != TemplateTokenKind.BlockStart || Peek(1).Text != word)
            return false;
        Take();
        Take();
        return true;
    }

    Statement If()
    {
        var condition = Expression();
        Close();
        var then = Body();
        Statement otherwise = (_, _) => { };
        if (Branch("elif"))
            otherwise = If();
        else if (Branch("else"))
        {
            Close();
            otherwise = Until("endif");
        }
        else
            Until("endif");
        return (scope, output) => (TemplateValue.Truth(condition(scope)) ? then : otherwise)(scope, output);
    }

    Statement For()
    {
        List<string> names = [Name()];
        while (Accept(","))
            names.Add(Name());
        if (Name() is not "in")
            throw Fault("'in' is missing");
        var all = Expression(conditional: false);
        var filter = AcceptName("if") ? Expression() : null;
        Close();
        var body = Body();
        Statement? otherwise = null;
        if (Branch("else"))
        {
            Close();
            otherwise = Until("endfor");
        }
        else
            Until("endfor");
        return (scope, output) =>
        {
            var items = TemplateValue.Items(all(scope));
            if (filter is not null)
                items = [.. items.Where(item => TemplateValue.Truth(filter(Bound(new TemplateScope(scope), names, item))))];
            if (items.Count == 0)
                otherwise?.Invoke(scope, output);
            for (var i = 0; i < items.Count; i++)
            {
                scope.Step();
                var inner = Bound(new TemplateScope(scope), names, items[i]);
                inner["loop"] = Loop(items, i);
                body(inner, output);
                if (inner.Broken)
                    break;
            }
        };
    }

    static Dictionary<string, object?> Loop(List<object?> items, int i) => new()
    {
        ["index"] = i + 1L, ["index0"] = (long)i, ["revindex"] = (long)items.Count - i, ["revindex0"] = items.Count - i - 1L, ["first"] = i == 0, ["last"] = i == items.Count - 1,
        ["length"] = (long)items.Count, ["previtem"] = i > 0 ? items[i - 1] : TemplateValue.Undefined, ["nextitem"] = i + 1 < items.Count ? items[i + 1] : TemplateValue.Undefined,
    };

    static TemplateScope Bound(TemplateScope scope, List<string> names, object? item)
    {
        if (names.Count == 1)
            scope[names[0]] = item;
        else if (TemplateValue.Items(item) is var parts && parts.Count == names.Count)
            for (var i = 0; i < names.Count; i++)
                scope[names[i]] = parts[i];
        else
            throw new TemplateException($"{parts.Count} values do not go into {string.Join(", ", names)}.");
        return scope;
    }

    Statement Set()
    {
        var name = Name();
        var member = Accept(".") ? Name() : null;
        Action<TemplateScope, object?> assign = member is null
            ? (scope, value) => scope[name] = value
            : (scope, value) => (scope[name] as TemplateNamespace ?? throw new TemplateException($"'{name}' is no namespace.")).Values[member] = value;
        if (Accept("="))
        {
            var value = Expression();
            Close();
            return (scope, _) => assign(scope, value(scope));
        }
        Close();
        var body = Until("endset");
        return (scope, _) =>
        {
            var text = new StringBuilder();
            body(scope, text);
            assign(scope, text.ToString());
        };
    }

    Statement Macro()
    {
        var name = Name();
        List<(string Name, Func<TemplateScope, object?>? Default)> parameters = [];
        ExpectOperator("(");
        while (!Accept(")"))
        {
            parameters.Add((Name(), Accept("=") ? Expression() : null));
            if (!Accept(",") && Now.Text != ")")
                throw Fault("')' is missing");
        }
        Close();
        var body = Until("endmacro");
        return (scope, _) => scope[name] = (TemplateFunction)((arguments, named) => scope.Nested(() =>
        {
            var inner = new TemplateScope(scope);
            for (var i = 0; i < parameters.Count; i++)
                inner[parameters[i].Name] = i < arguments.Count ? arguments[i] : named.TryGetValue(parameters[i].Name, out var given) ? given
                    : parameters[i].Default is { } otherwise ? otherwise(scope) : TemplateValue.Undefined;
            var text = new StringBuilder();
            body(inner, text);
            return (object?)text.ToString();
        }));
    }
}
