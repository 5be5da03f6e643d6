using System.Text;
using Statement = System.Func<Rlef.Policy.TemplateScope, System.Text.StringBuilder, Rlef.Policy.TemplateFlow>;

namespace Rlef.Policy;

/// <summary>A part of a template with parameters.</summary>
/// <param name="Caught">Which of <c>varargs</c>, <c>kwargs</c> and <c>caller</c> its body asks for.</param>
sealed record TemplateMacroText(string Name, List<(string Name, Func<TemplateScope, object?>? Default)> Parameters, Statement Body, HashSet<string> Caught);

/// <summary>A macro as it is called, where its text stands.</summary>
sealed class TemplateMacro(TemplateMacroText text, TemplateScope scope) : ITemplateCallable
{
    public string Title => text.Name;
    public string Name => $"the macro '{text.Name}'";

    /// <summary>An attribute, or null.</summary>
    public object? Find(string name) => name switch
    {
        "name" => text.Name,
        "arguments" => text.Parameters.Select(p => (object?)p.Name).ToList(),
        "catch_varargs" => text.Caught.Contains("varargs"),
        "catch_kwargs" => text.Caught.Contains("kwargs"),
        "caller" => text.Caught.Contains("caller"),
        "explicit_caller" => text.Parameters.Any(p => p.Name == "caller"),
        _ => null,
    };

    public object? Call(TemplateArguments a) => scope.Nested<object?>(() =>
    {
        var inner = new TemplateScope(scope);
        var (parameters, named) = (text.Parameters, new Dictionary<string, object?>(a.Named));
        var missing = new List<int>();
        for (var i = 0; i < parameters.Count; i++)
            if (i < a.Placed.Count)
                inner[parameters[i].Name] = a.Placed[i];
            else if (named.Remove(parameters[i].Name, out var given))
                inner[parameters[i].Name] = given;
            else
            {
                missing.Add(i);
                inner[parameters[i].Name] = new TemplateUndefined($"the parameter '{parameters[i].Name}'");
            }
        if (text.Caught.Contains("caller") && parameters.All(p => p.Name != "caller"))
            inner["caller"] = named.Remove("caller", out var caller) && caller is not null ? caller : new TemplateUndefined("'caller'");
        if (text.Caught.Contains("kwargs"))
            inner["kwargs"] = Map(named);
        else
            foreach (var name in named.Keys)
                throw a.Unknown(name);
        if (text.Caught.Contains("varargs"))
            inner["varargs"] = new TemplateTuple([.. a.Placed.Skip(parameters.Count)]);
        else if (a.Placed.Count > parameters.Count)
            throw a.TooMany(parameters.Count);
        // A default may ask for the parameters before it.
        foreach (var i in missing)
            if (parameters[i].Default is { } otherwise)
                inner[parameters[i].Name] = otherwise(inner);
        var result = new StringBuilder();
        text.Body(inner, result);
        return result.ToString();
    });

    static TemplateMap Map(Dictionary<string, object?> named)
    {
        var map = new TemplateMap();
        foreach (var (name, value) in named)
            map[name] = value;
        return map;
    }
}
