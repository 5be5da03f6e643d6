using System.Runtime.CompilerServices;

namespace Rlef.Policy;

/// <summary>A template's variables: those of a loop or macro hide the outer ones and end with it.</summary>
sealed class TemplateScope(TemplateScope? outer)
{
    const int MaxSteps = 1_000_000, MaxDepth = 100;

    readonly Dictionary<string, object?> values = [];
    readonly Budget budget = outer?.budget ?? new();

    sealed class Budget
    {
        public long Steps;
        public int Depth;
    }

    public object? this[string name]
    {
        get => Find(name, out var value) ? value : new TemplateUndefined($"'{name}'");
        set => values[name] = value;
    }

    public bool Find(string name, out object? value)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope.values.TryGetValue(name, out value))
                return true;
        value = null;
        return false;
    }

    TemplateScope? Outer => outer;

    /// <summary>Counts work, so that a template cannot go on for ever.</summary>
    public void Step(long steps = 1)
    {
        if ((budget.Steps += steps) > MaxSteps)
            throw new TemplateException("the template does not come to an end.");
        Deeper();
    }

    /// <summary>Refuses what would exhaust the stack: a long chain of operators is as deep as it is long.</summary>
    public TemplateScope Deeper() => RuntimeHelpers.TryEnsureSufficientExecutionStack() ? this : throw new TemplateException("the template's parts lie too deep in each other.");

    /// <summary>Counts the work that large values make.</summary>
    /// <returns>The value.</returns>
    public object? Spend(object? value)
    {
        var steps = value switch
        {
            string text => text.Length / 512,
            TemplateMarkup markup => markup.Text.Length / 512,
            List<object?> list => list.Count / 32,
            TemplateTuple tuple => tuple.Items.Length / 32,
            TemplateRange range => range.Count / 32,
            TemplateMap map => map.Count / 32,
            _ => 0,
        };
        if (steps > 0)
            Step(steps);
        return value;
    }

    /// <summary>Counts the work that reading a text makes; of what else there is, a member is read at once.</summary>
    public object? Scan(object? value) => value is string or TemplateMarkup ? Spend(value) : value;

    public T Nested<T>(Func<T> work)
    {
        if (++budget.Depth > MaxDepth)
            throw new TemplateException("macros call each other too deeply.");
        var result = work();
        budget.Depth--;
        return result;
    }
}
