using System.Text;
using Assign = System.Action<Rlef.Policy.TemplateScope, object?>;
using Statement = System.Func<Rlef.Policy.TemplateScope, System.Text.StringBuilder, Rlef.Policy.TemplateFlow>;
using Value = System.Func<Rlef.Policy.TemplateScope, object?>;

namespace Rlef.Policy;

/// <summary>A for block.</summary>
sealed record TemplateLoopText(Assign Target, Value All, Value? Filter, bool Recursive, Statement Body, Statement? Otherwise)
{
    public TemplateFlow Run(TemplateScope scope, StringBuilder output) => Run(scope, output, All(scope), 0);

    TemplateFlow Run(TemplateScope scope, StringBuilder output, object? all, int depth)
    {
        var loop = new TemplateLoop(Filter is null ? all : Filtered(scope, all, Filter), depth, Recursive ? inner => scope.Nested<object?>(() =>
        {
            var text = new StringBuilder();
            Run(scope, text, inner, depth + 1);
            return text.ToString();
        }) : null);
        while (loop.Advance())
        {
            scope.Step();
            var inner = new TemplateScope(scope);
            Target(inner, loop.Current);
            inner["loop"] = loop;
            if (Body(inner, output) == TemplateFlow.Break)
                break;
        }
        return loop.Index == 0 && Otherwise is not null ? Otherwise(new TemplateScope(scope), output) : TemplateFlow.Next;
    }

    // What the filter passes, as it is asked for.
    TemplateStream Filtered(TemplateScope scope, object? all, Value filter)
    {
        return new(Chosen(TemplateValue.Items(all)));

        IEnumerable<object?> Chosen(IEnumerable<object?> items)
        {
            foreach (var item in items)
            {
                scope.Step();
                var inner = new TemplateScope(scope);
                Target(inner, item);
                if (TemplateValue.Truth(filter(inner)))
                    yield return item;
            }
        }
    }
}

/// <summary>What a template's loop knows of itself.</summary>
sealed class TemplateLoop(object? all, int depth, Func<object?, object?>? recurse) : ITemplateCallable
{
    readonly IEnumerator<object?> items = TemplateValue.Items(all).GetEnumerator();
    readonly Queue<object?> ahead = [];
    readonly long? length = TemplateValue.Length(all);
    object? before;
    object?[]? changed;
    bool started;

    public string Name => "loop";
    public long Index { get; private set; }
    public object? Current { get; private set; }

    // What has no length is read to its end for it.
    public long Length
    {
        get
        {
            if (length is { } known)
                return known;
            while (Ahead(ahead.Count + 1))
                if (ahead.Count > TemplateValue.MaxItems)
                    throw new TemplateException("a loop grows beyond all bounds.");
            return Index + ahead.Count;
        }
    }

    bool Ahead(int count)
    {
        while (ahead.Count < count && items.MoveNext())
            ahead.Enqueue(items.Current);
        return ahead.Count >= count;
    }

    public bool Advance()
    {
        if (!Ahead(1))
            return false;
        (before, Current) = (Current, ahead.Dequeue());
        Index++;
        return true;
    }

    public object? Call(TemplateArguments arguments) => recurse is null ? throw new TemplateException("a loop that is called must be 'recursive'.")
        : recurse(arguments.Bind(("iterable", TemplateArguments.Must))[0]);

    /// <summary>An attribute or method, or null.</summary>
    public object? Find(string name) => name switch
    {
        "index" => Index,
        "index0" => Index - 1,
        "revindex" => Length - Index + 1,
        "revindex0" => Length - Index,
        "first" => Index == 1,
        "last" => !Ahead(1),
        "length" => Length,
        "depth" => depth + 1L,
        "depth0" => (long)depth,
        "previtem" => new TemplateMember.Found(Index > 1 ? before : new TemplateUndefined("the item before the first")),
        "nextitem" => new TemplateMember.Found(Ahead(1) ? ahead.Peek() : new TemplateUndefined("the item after the last")),
        "cycle" => new TemplateFunction("loop.cycle", a => a.Only(1, int.MaxValue) is var values ? values[(Index - 1) % values.Length] : null),
        "changed" => new TemplateFunction("loop.changed", a => Changed(a.Only(0, int.MaxValue))),
        _ => null,
    };

    bool Changed(object?[] values)
    {
        if (started && TemplateValue.Equals(new TemplateTuple(changed!), new TemplateTuple(values)))
            return false;
        (started, changed) = (true, values);
        return true;
    }
}
