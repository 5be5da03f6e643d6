namespace Rlef.Policy;

/// <summary>Something that a template calls.</summary>
interface ITemplateCallable
{
    /// <summary>What it is, for errors.</summary>
    string Name { get; }

    object? Call(TemplateArguments arguments);
}

/// <summary>A function or a value's method.</summary>
sealed class TemplateFunction(string name, Func<TemplateArguments, object?> call) : ITemplateCallable
{
    public string Name => name;
    public object? Call(TemplateArguments arguments) => call(arguments);
}
