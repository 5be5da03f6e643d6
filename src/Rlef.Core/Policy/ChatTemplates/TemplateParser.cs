using System.Text;
using Assign = System.Action<Rlef.Policy.TemplateScope, object?>;
using Statement = System.Func<Rlef.Policy.TemplateScope, System.Text.StringBuilder, Rlef.Policy.TemplateFlow>;
using Value = System.Func<Rlef.Policy.TemplateScope, object?>;

namespace Rlef.Policy;

/// <summary>Turns a template's statements into functions that write text.</summary>
sealed class TemplateParser(List<TemplateToken> tokens) : TemplateTargets(tokens)
{
    const int MaxText = 1 << 26;
    static readonly string[] Caught = ["varargs", "kwargs", "caller"];

    public static Statement Parse(string template)
    {
        var parser = new TemplateParser(new TemplateLexer(template).Read());
        var body = parser.Body();
        return parser.Now.Kind == TemplateTokenKind.End ? body : throw parser.Fault($"'{parser.Peek(1).Text}' closes nothing");
    }

    // Statements up to a block that ends or divides one, whose name is then the next token but one.
    Statement Body() => Deeper("blocks lie in each other", () =>
    {
        List<Statement> parts = [];
        while (Now.Kind != TemplateTokenKind.End && !(Now.Kind == TemplateTokenKind.BlockStart && Divides(Peek(1).Text)))
            parts.Add(Part());
        return (Statement)((scope, output) =>
        {
            foreach (var part in parts)
            {
                scope.Step();
                if (part(scope, output) is var flow && flow != TemplateFlow.Next)
                    return flow;
                if (output.Length > MaxText)
                    throw new TemplateException("the text grows beyond all bounds.");
            }
            return TemplateFlow.Next;
        });
    });

    static bool Divides(string word) => word is "elif" or "else" || word.StartsWith("end", StringComparison.Ordinal);

    Statement Part()
    {
        var token = Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Text:
                return Does((_, output) => output.Append(token.Text));
            case TemplateTokenKind.OutputStart:
                if (Now.Kind == TemplateTokenKind.OutputEnd)
                    throw Fault("an expression is missing before '}}'");
                var printed = Several();
                Expect(TemplateTokenKind.OutputEnd, "}}");
                return Does((scope, output) => output.Append(TemplateText.Of(scope.Spend(printed(scope)))));
            default:
                return Block(Name());
        }
    }

    static Statement Does(Action<TemplateScope, StringBuilder> work) => (scope, output) =>
    {
        work(scope, output);
        return TemplateFlow.Next;
    };

    Statement Block(string word) => word switch
    {
        "for" => For(),
        "if" => If(),
        "set" => Set(),
        "macro" => Macro(),
        "call" => Call(),
        "filter" => Filter(),
        "with" => With(),
        "autoescape" => AutoEscape(),
        "print" => Print(),
        "generation" => Generation(),
        "break" or "continue" => Leave(word),
        _ => throw Fault($"the statement '{word}' is not known"),
    };

    void Close() => Expect(TemplateTokenKind.BlockEnd, "%}");

    // A block's body and the block that ends it.
    Statement Until(string end)
    {
        Close();
        var body = Body();
        End(end);
        return body;
    }

    void End(string end)
    {
        if (!Branch(end))
            throw Fault($"'{end}' is missing");
        Close();
    }

    bool Branch(string word)
    {
        if (Now.Kind != TemplateTokenKind.BlockStart || Peek(1).Text != word)
            return false;
        Take();
        Take();
        return true;
    }

    Statement Leave(string word)
    {
        if (Loops == 0)
            throw Fault($"'{word}' stands in no loop");
        Close();
        return (_, _) => word == "break" ? TemplateFlow.Break : TemplateFlow.Continue;
    }

    Statement If()
    {
        List<(Value Condition, Statement Body)> branches = [];
        do
        {
            var condition = Several(conditional: false);
            Close();
            branches.Add((condition, Body()));
        }
        while (Branch("elif"));
        Statement otherwise = (_, _) => TemplateFlow.Next;
        if (Branch("else"))
            otherwise = Until("endif");
        else
            End("endif");
        return (scope, output) =>
        {
            foreach (var (condition, body) in branches)
                if (TemplateValue.Truth(condition(scope)))
                    return body(scope, output);
            return otherwise(scope, output);
        };
    }

    Statement For()
    {
        Loops++;
        var target = Targets("in");
        if (!AcceptName("in"))
            throw Fault("'in' is missing");
        Loops--;
        var all = Several(conditional: false, end: "recursive");
        var filter = AcceptName("if") ? Expression() : null;
        var recursive = AcceptName("recursive");
        Close();
        Loops++;
        var body = Body();
        Loops--;
        Statement? otherwise = null;
        if (Branch("else"))
            otherwise = Until("endfor");
        else
            End("endfor");
        return new TemplateLoopText(target, all, filter, recursive, body, otherwise).Run;
    }

    Statement Set()
    {
        var assign = Targets(member: true);
        if (Accept("="))
        {
            var value = Several();
            Close();
            return Does((scope, _) => assign(scope, value(scope)));
        }
        return Captured(scope => scope[""], "endset", (scope, _, text) => assign(scope, text));
    }

    // A block whose text is filtered and then used.
    Statement Captured(Value text, string end, Action<TemplateScope, StringBuilder, object?> use, bool first = false)
    {
        var filtered = Filters(text, first);
        var body = Until(end);
        return (scope, output) =>
        {
            var (inner, written) = (new TemplateScope(scope), new StringBuilder());
            if (body(inner, written) is var flow && flow != TemplateFlow.Next)
                return flow;
            // No template can name this variable.
            inner[""] = written.ToString();
            use(scope, output, filtered(inner));
            return TemplateFlow.Next;
        };
    }

    Statement Filter() => Captured(scope => scope[""], "endfilter", (_, output, text) => output.Append(TemplateText.Of(text)), first: true);

    Statement With()
    {
        List<(Assign Target, Value Value)> given = [];
        while (Now.Kind != TemplateTokenKind.BlockEnd)
        {
            if (given.Count > 0)
                ExpectOperator(",");
            var target = Targets();
            ExpectOperator("=");
            given.Add((target, Expression()));
        }
        var body = Until("endwith");
        return (scope, output) =>
        {
            var inner = new TemplateScope(scope);
            foreach (var (target, value) in given)
                target(inner, value(scope));
            return body(inner, output);
        };
    }

    Statement AutoEscape()
    {
        if (!AcceptName("false") && !AcceptName("False"))
            throw Fault("'autoescape' is known with 'false' only");
        var body = Until("endautoescape");
        return (scope, output) => body(new TemplateScope(scope), output);
    }

    Statement Print()
    {
        List<Value> printed = [];
        while (Now.Kind != TemplateTokenKind.BlockEnd)
        {
            if (printed.Count > 0)
                ExpectOperator(",");
            printed.Add(Expression());
        }
        Close();
        return Does((scope, output) =>
        {
            foreach (var value in printed)
                output.Append(TemplateText.Of(value(scope)));
        });
    }

    Statement Generation()
    {
        var outside = Loops;
        Loops = 0;
        var body = Until("endgeneration");
        Loops = outside;
        return (scope, output) => body(new TemplateScope(scope), output);
    }

    Statement Macro()
    {
        var name = Name();
        if (!IsOperator("("))
            throw Fault("'(' is missing");
        var text = MacroText(name, "endmacro", () => { });
        return Does((scope, _) => scope[name] = new TemplateMacro(text, scope));
    }

    TemplateMacroText MacroText(string name, string end, Action head)
    {
        List<(string Name, Value? Default)> parameters = [];
        if (Accept("("))
            while (!Accept(")"))
            {
                parameters.Add((Name(), Accept("=") ? Expression() : null));
                if (parameters is [.., (_, not null), (_, null)])
                    throw Fault("a parameter without default follows one with");
                if (!Accept(",") && !IsOperator(")"))
                    throw Fault("')' is missing");
            }
        head();
        var (outside, used) = (Loops, Used);
        (Loops, Used) = (0, []);
        var body = Until(end);
        HashSet<string> caught = [.. Caught.Where(Used.Contains)];
        used.UnionWith(Used);
        (Loops, Used) = (outside, used);
        return new(name, parameters, body, caught);
    }

    // A call that is given the block as a macro named caller.
    Statement Call()
    {
        (Value Call, Value Function, Func<TemplateScope, string, TemplateArguments> Arguments) call = LastCall;
        var text = MacroText("caller", "endcall", () =>
        {
            var value = Expression();
            call = value == LastCall.Call ? LastCall : throw Fault("'call' needs a call");
        });
        return Does((scope, output) => output.Append(TemplateText.Of(Call(scope, call.Function(scope), call.Arguments, new TemplateMacro(text, scope)))));
    }
}
