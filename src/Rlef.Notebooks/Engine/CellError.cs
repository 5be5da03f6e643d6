namespace Rlef.Notebooks.Engine;

/// <summary>Why a cell failed.</summary>
/// <param name="Name">The exception's type, or <c>CompileError</c>, <c>Timeout</c>, <c>Interrupted</c>, <c>Unsupported</c>.</param>
/// <param name="Message">What went wrong, without the place.</param>
/// <param name="Line">The line in the cell, from 1, null where none can be named.</param>
/// <param name="Traceback">The whole report, one line an item; its head names the cell and the line.</param>
public sealed record CellError(string Name, string Message, int? Line, IReadOnlyList<string> Traceback)
{
    /// <summary>Whether the cell's code failed; not where it was stopped, or its process ended.</summary>
    public bool IsOfCode { get; init; } = true;
}
