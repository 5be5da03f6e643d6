using System.Collections;
using System.Runtime.CompilerServices;

namespace Rlef.Policy;

/// <summary>What a template asks for and is not there. It is no text, no items and not true; all else is refused.</summary>
sealed class TemplateUndefined(string what)
{
    public TemplateException Fault(string use) => new($"{what} is undefined, so that a template cannot {use}.");
}

/// <summary>Python's tuple.</summary>
/// <param name="names">Names of its items, where they have some.</param>
sealed class TemplateTuple(object?[] items, string[]? names = null)
{
    public object?[] Items => items;
    public string[] Names => names ?? [];
}

/// <summary>A text that is marked as escaped.</summary>
sealed record TemplateMarkup(string Text)
{
    public static TemplateMarkup Escape(object? value) => value as TemplateMarkup ?? new(Escaped(TemplateText.Of(value)));

    public static string Escaped(string text) =>
        text.Replace("&", "&amp;").Replace(">", "&gt;").Replace("<", "&lt;").Replace("'", "&#39;").Replace("\"", "&#34;");
}

/// <summary>Values that are computed as they are asked for, once, as by Python's generators.</summary>
sealed class TemplateStream(IEnumerable<object?> source)
{
    [ThreadStatic] static int depth;

    readonly IEnumerator<object?> source = source.GetEnumerator();

    public IEnumerable<object?> Rest
    {
        get
        {
            while (Moves())
                yield return source.Current;
        }
    }

    // One stream may read another, and so on.
    bool Moves()
    {
        if (depth >= TemplateValue.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("generators lie too deep in each other.");
        depth++;
        try
        {
            return source.MoveNext();
        }
        finally
        {
            depth--;
        }
    }
}

/// <summary>Python's range.</summary>
sealed record TemplateRange(long Start, long Stop, long Step)
{
    public long Count { get; } = (long)Int128.Max(0, Step > 0 ? ((Int128)Stop - Start + Step - 1) / Step : ((Int128)Start - Stop - Step - 1) / -(Int128)Step);

    public long At(long place) => Start + place * Step;

    public IEnumerable<object?> Items
    {
        get
        {
            for (long i = 0; i < Count; i++)
                yield return At(i);
        }
    }

    public override string ToString() => Step == 1 ? $"range({Start}, {Stop})" : $"range({Start}, {Stop}, {Step})";
}

/// <summary>Python's dictionary: its keys are whatever does not change, in the order in which they came.</summary>
sealed class TemplateMap : IEnumerable<KeyValuePair<object?, object?>>
{
    sealed class ByValue : IEqualityComparer<ValueTuple<object?>>
    {
        public bool Equals(ValueTuple<object?> a, ValueTuple<object?> b) => TemplateValue.Equals(a.Item1, b.Item1);
        public int GetHashCode(ValueTuple<object?> key) => TemplateValue.Hash(key.Item1);
    }

    readonly Dictionary<ValueTuple<object?>, object?> values = new(new ByValue());

    public int Count => values.Count;
    public IEnumerable<object?> Keys => values.Keys.Select(k => k.Item1);
    public IEnumerable<object?> Values => values.Values;

    public object? this[object? key] { set => values[new(key)] = value; }

    public bool TryGet(object? key, out object? value)
    {
        // What cannot be a key is refused by an empty dictionary too.
        TemplateValue.Hash(key);
        return values.TryGetValue(new(key), out value);
    }

    public IEnumerator<KeyValuePair<object?, object?>> GetEnumerator() => values.Select(p => new KeyValuePair<object?, object?>(p.Key.Item1, p.Value)).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A dictionary's keys, values or items.</summary>
sealed record TemplateView(string Kind, TemplateMap Map)
{
    public IEnumerable<object?> Items => Kind switch
    {
        "keys" => Map.Keys,
        "values" => Map.Values,
        _ => Map.Select(p => (object?)new TemplateTuple([p.Key, p.Value])),
    };
}

/// <summary>Variables that outlive the loop in which they are set.</summary>
sealed class TemplateNamespace
{
    public Dictionary<string, object?> Values { get; } = [];
}

/// <summary>Gives values in turn.</summary>
sealed class TemplateCycler(object?[] values)
{
    int at;

    public object? Current => values[at];
    public void Reset() => at = 0;

    public object? Next()
    {
        var value = Current;
        at = (at + 1) % values.Length;
        return value;
    }
}
