namespace Rlef.Notebooks.Engine;

/// <summary>How a notebook is run.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>How long one cell may run; null is for ever.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>The notebook's parameters: environment variables of the process that runs its cells. Null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// The program that runs the cells, with its arguments: any that speaks .NET Interactive's protocol. Null is this program
    /// itself with the arguments <c>notebook host</c>, which must end in <see cref="NotebookHost.RunAsync"/>.
    /// </summary>
    public IReadOnlyList<string>? Host { get; init; }

    /// <summary>Where the executed notebook is written; null is over the source.</summary>
    public string? OutputPath { get; init; }
}
