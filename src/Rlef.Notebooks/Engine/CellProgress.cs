namespace Rlef.Notebooks.Engine;

/// <summary>A code cell started (<paramref name="Elapsed"/> null) or ended.</summary>
/// <param name="Notebook">The file.</param>
/// <param name="Cell">The code cell's number, from 1, among <paramref name="Cells"/> code cells.</param>
/// <param name="FirstLine">The first line of its source, to recognise it by.</param>
/// <param name="Error">Why it failed, null if it did not.</param>
public sealed record CellProgress(string Notebook, int Cell, int Cells, string FirstLine, TimeSpan? Elapsed, CellError? Error);
