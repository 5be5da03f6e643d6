namespace Rlef.Notebooks.Engine;

/// <summary>How a cell ended.</summary>
/// <param name="ExecutionCount">The number of cells the session has run, this one included.</param>
/// <param name="Error">Why it failed, null if it did not.</param>
public sealed record CellResult(int ExecutionCount, CellError? Error);
