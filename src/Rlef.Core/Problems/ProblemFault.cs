namespace Rlef.Problems;

/// <summary>Something wrong with a problem of a file.</summary>
/// <param name="Line">1-based line of the record; 1 for a problem that is a folder.</param>
/// <param name="Problem">The problem's id, or empty where the record has none.</param>
/// <param name="Field">Where to look in the record; <see cref="WholeLine"/>, <see cref="WholeFile"/> or <see cref="WholeFolder"/> where it is no single field.</param>
public sealed record ProblemFault(string File, int Line, string Problem, string Field, string Reason)
{
    public const string WholeLine = "(line)";
    public const string WholeFile = "(file)";
    public const string WholeFolder = "(folder)";

    /// <summary>For those who cannot go on without the problem.</summary>
    public ProblemFormatException ToException() => new(File, Line, Field, Reason);

    public override string ToString() => string.Join(", ", (string[])
    [
        File,
        .. Field is WholeFile or WholeFolder ? [] : (string[])[$"line {Line}"],
        .. Problem.Length == 0 ? [] : (string[])[$"problem '{Problem}'"],
        .. Field is WholeLine or WholeFile or WholeFolder ? [] : (string[])[$"field '{Field}'"],
    ]) + $": {Reason}";
}
