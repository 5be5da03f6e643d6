namespace Rlef.Policy;

/// <summary>The functions that Jinja and Hugging Face give every template.</summary>
static class TemplateGlobals
{
    const int MaxRange = 100_000;

    public static TemplateScope Scope()
    {
        var scope = new TemplateScope(null);
        void Define(string name, Func<TemplateArguments, object?> call) => scope[name] = new TemplateFunction(name, call);
        Define("namespace", Namespace);
        Define("dict", Dict);
        Define("range", a => Range(a.Only(1, 3)));
        Define("cycler", a => a.Placed.Count > 0 ? new TemplateCycler(a.Only(1, int.MaxValue)) : throw new TemplateException("cycler needs values."));
        Define("joiner", Joiner);
        Define("raise_exception", a => throw new TemplateException(TemplateText.Of(a.Bind(("message", TemplateArguments.Must))[0])));
        Define("strftime_now", Time);
        Define("lipsum", _ => throw new TemplateException("lipsum is not known: it writes at random."));
        return scope;
    }

    static object? Time(TemplateArguments a) => TemplateValue.Str(a.Bind(("format", TemplateArguments.Must))[0]) is { } format
        ? TemplateDates.Format(DateTime.Now, format) : throw new TemplateException("strftime_now needs a text.");

    static TemplateNamespace Namespace(TemplateArguments a)
    {
        var names = new TemplateNamespace();
        foreach (var (key, value) in Dict(a))
            names.Values[TemplateValue.Str(key) ?? throw new TemplateException("namespace needs texts as names.")] = value;
        return names;
    }

    // Python's dict: of a dictionary or of pairs, and of names.
    static TemplateMap Dict(TemplateArguments a)
    {
        if (a.Placed.Count > 1)
            throw a.TooMany(1);
        var map = new TemplateMap();
        if (a.Placed is [TemplateMap given])
            foreach (var (key, value) in given)
                map[key] = value;
        else if (a.Placed is [var pairs])
            foreach (var pair in TemplateValue.List(pairs))
                map[TemplateValue.List(pair) is { Count: 2 } two ? two[0] : throw new TemplateException($"{a.Callee} needs pairs.")] = TemplateValue.List(pair)[1];
        foreach (var (name, value) in a.Named)
            map[name] = value;
        return map;
    }

    static TemplateRange Range(object?[] a)
    {
        var n = Array.ConvertAll(a, TemplateNumbers.Integer);
        var (start, stop, step) = n switch { [var end] => (0, end, 1L), [var from, var to] => (from, to, 1L), _ => (n[0], n[1], n[2]) };
        if (step == 0)
            throw new TemplateException("a range by steps of zero.");
        return new TemplateRange(start, stop, step) is { Count: <= MaxRange } range ? range : throw new TemplateException($"a range of more than {MaxRange} numbers.");
    }

    // Nothing at first, then what stands between.
    static TemplateFunction Joiner(TemplateArguments a)
    {
        var (between, used) = (a.Bind(("sep", ", "))[0], false);
        return new("a joiner", b =>
        {
            b.Only(0, 0);
            var first = !used;
            used = true;
            return first ? "" : between;
        });
    }
}
