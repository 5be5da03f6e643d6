namespace Rlef.Problems;

/// <summary>Something wrong with a problem of a file.</summary>
/// <param name="Line">1-based line of the record; 1 for a problem that is a folder.</param>
/// <param name="Problem">The problem's id, or empty where the record has none.</param>
/// <param name="Field">Where to look in the record.</param>
public sealed record ProblemFault(string File, int Line, string Problem, string Field, string Reason)
{
    public override string ToString() =>
        Problem.Length > 0 ? $"{File}, line {Line}, problem '{Problem}', field '{Field}': {Reason}" : $"{File}, line {Line}, field '{Field}': {Reason}";
}
