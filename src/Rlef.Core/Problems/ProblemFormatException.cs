namespace Rlef.Problems;

/// <summary>A problem file that cannot be read. The message names file, line and field, and says what was expected.</summary>
public sealed class ProblemFormatException(string file, int line, string field, string fault)
    : Exception(new ProblemFault(file, line, "", field, fault).ToString())
{
    public string File { get; } = file;
    public int Line { get; } = line;
    public string Field { get; } = field;
    public string Fault { get; } = fault;
}
