namespace Rlef.Policy;

/// <summary>What a function, filter or test is given, by place and by name. What it does not know or lacks is refused.</summary>
sealed class TemplateArguments(string callee, List<object?> placed, Dictionary<string, object?> named)
{
    /// <summary>Stands where an argument has no default.</summary>
    public static readonly object Must = new();

    public string Callee => callee;
    public List<object?> Placed => placed;
    public Dictionary<string, object?> Named => named;

    /// <summary>The arguments in the order of the parameters, which may be named.</summary>
    public object?[] Bind(params ReadOnlySpan<(string Name, object? Default)> parameters)
    {
        if (placed.Count > parameters.Length)
            throw TooMany(parameters.Length);
        var values = new object?[parameters.Length];
        var used = 0;
        for (var i = 0; i < values.Length; i++)
            if (named.TryGetValue(parameters[i].Name, out var given))
            {
                values[i] = i < placed.Count ? throw new TemplateException($"{callee} is given '{parameters[i].Name}' twice.") : given;
                used++;
            }
            else
                values[i] = i < placed.Count ? placed[i] : parameters[i].Default != Must ? parameters[i].Default
                    : throw new TemplateException($"{callee} is called with too few arguments: '{parameters[i].Name}' is missing.");
        if (used < named.Count)
            foreach (var name in named.Keys)
                if (!Knows(parameters, name))
                    throw Unknown(name);
        return values;
    }

    static bool Knows(ReadOnlySpan<(string Name, object? Default)> parameters, string name)
    {
        foreach (var parameter in parameters)
            if (parameter.Name == name)
                return true;
        return false;
    }

    /// <summary>The arguments of what takes them by place only.</summary>
    public object?[] Only(int least, int most)
    {
        foreach (var name in named.Keys)
            throw Unknown(name);
        return placed.Count > most ? throw TooMany(most)
            : placed.Count < least ? throw new TemplateException($"{callee} is called with too few arguments.") : [.. placed];
    }

    /// <summary>For what takes no arguments.</summary>
    /// <returns>The value as it is.</returns>
    public object? None(object? value)
    {
        Only(0, 0);
        return value;
    }

    public TemplateException Unknown(string name) => new($"{callee} takes no argument '{name}'.");
    public TemplateException TooMany(int most) => new($"{callee} takes no more than {most} arguments.");
}
