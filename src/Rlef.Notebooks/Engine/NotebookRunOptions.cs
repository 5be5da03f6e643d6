namespace Rlef.Notebooks.Engine;

/// <summary>How a notebook is run.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>How long one cell may run; null is for ever.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>The notebook's parameters: environment variables, set while it runs and restored after. Null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where the executed notebook is written; null is over the source.</summary>
    public string? OutputPath { get; init; }
}
