namespace Rlef.Notebooks.Engine;

/// <summary>How a notebook ran.</summary>
/// <param name="OutputPath">The file with the outputs, written also when a cell failed.</param>
/// <param name="CellsRun">Code cells run, the failed one included.</param>
/// <param name="FailedCell">The number of the code cell that failed, from 1; null if all passed.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Notice">What the user should know though nothing failed, for instance that figures have no static image.</param>
public sealed record NotebookRun(string OutputPath, int CellsRun, TimeSpan Elapsed, int? FailedCell, CellError? Error, string? Notice = null)
{
    public bool Succeeded => Error is null;
}
