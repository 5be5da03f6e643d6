using Assign = System.Action<Rlef.Policy.TemplateScope, object?>;

namespace Rlef.Policy;

/// <summary>What a template sets, and loops over.</summary>
abstract class TemplateTargets(List<TemplateToken> tokens) : TemplateExpressions(tokens)
{
    /// <summary>The loops about a statement within its macro.</summary>
    protected int Loops { get; set; }

    // A name, a namespace's, or several with commas between, which may stand in brackets.
    protected Assign Targets(string? end = null, bool member = false)
    {
        List<Assign> targets = [];
        var comma = false;
        do
        {
            if (targets.Count > 0 && (IsOperator("=") || IsOperator(")") || end is not null && IsName(end)))
                break;
            targets.Add(Accept("(") ? Bracketed() : Target(member));
        }
        while (Accept(",") && (comma = true));
        if (!comma)
            return targets[0];
        return (scope, value) =>
        {
            var parts = TemplateValue.List(value);
            if (parts.Count != targets.Count)
                throw new TemplateException($"{parts.Count} values do not go into {targets.Count} names.");
            for (var i = 0; i < parts.Count; i++)
                targets[i](scope, parts[i]);
        };

        Assign Bracketed() => Deeper("names are nested", () =>
        {
            var inner = Targets(member: member);
            ExpectOperator(")");
            return inner;
        });
    }

    Assign Target(bool member)
    {
        var name = Name();
        if (member && Accept("."))
        {
            var field = Name();
            return (scope, value) => (scope[name] as TemplateNamespace ?? throw new TemplateException($"'{name}' is no namespace.")).Values[field] = value;
        }
        if (name is "true" or "false" or "none" or "True" or "False" or "None" || name == "loop" && Loops > 0)
            throw Fault($"'{name}' cannot be set here");
        return (scope, value) => scope[name] = value;
    }
}
