using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Rewards;

/// <summary>What is to blame for a program's failure, as RLTF's fine feedback sees it (arXiv 2307.04349, table 2).</summary>
/// <param name="Line">1-based line of the program; null unless the category is <see cref="FaultCategory.Line"/>.</param>
/// <remarks>
/// <list type="bullet">
/// <item>U_global: time-outs, RecursionError, and a SyntaxError of a program that was cut at the length limit.</item>
/// <item>U_ignore: IndentationError with its TabError, and triple-quoted strings without an end.</item>
/// <item>U_line: every other error, at the line that Python reports: of a run-time error, the innermost of the program's own.</item>
/// </list>
/// The table leaves open: (1) an error without a line, such as an exit code, a signal or a NUL in the source: U_ignore, since there is nothing to point at;
/// (2) limits other than time, which the paper's harness does not have: output without end would run into its time-out, so these are U_global, but a
/// MemoryError names its line; (3) an IndentationError or SyntaxError at run time is one of a text that the program executes, or of its own making, and
/// says nothing about the program's layout: U_line.
/// </remarks>
public readonly record struct Fault(FaultCategory Category, int? Line)
{
    /// <summary>U_ignore.</summary>
    public static Fault None { get; } = new(FaultCategory.Ignore, null);

    /// <summary>U_global.</summary>
    public static Fault Whole { get; } = new(FaultCategory.Global, null);

    /// <param name="kind">The verdict on the program.</param>
    /// <param name="error">What the verdict says about the error.</param>
    /// <param name="cut">Whether the program was cut at the length limit.</param>
    public static Fault Of(VerdictKind kind, ProgramError? error, bool cut = false) => kind switch
    {
        <= VerdictKind.WrongAnswer or VerdictKind.InfrastructureError => None,
        VerdictKind.TimeLimit or VerdictKind.OutputLimit => Whole,
        VerdictKind.MemoryLimit when error?.Line is null => Whole,
        _ when error is null => None,
        _ when error.Type == "RecursionError" => Whole,
        VerdictKind.CompileError when error.Type is "IndentationError" or "TabError" => None,
        // Python's words: unterminated triple-quoted (f-)string literal; EOF while scanning triple-quoted string literal before 3.10.
        VerdictKind.CompileError when error.Message.Contains("triple-quoted", StringComparison.Ordinal) => None,
        VerdictKind.CompileError when cut => Whole,
        _ => error.Line is { } line ? new(FaultCategory.Line, line) : None,
    };

    /// <summary>
    /// The characters of a response that are to blame: the line without its indentation and its end, or all lines of the program; empty for a line that is
    /// blank or that the program does not have.
    /// </summary>
    public IEnumerable<(int Start, int End)> Characters(string response, CodeBlock program) => Category switch
    {
        FaultCategory.Global => program.Lines,
        FaultCategory.Line when Line is { } line && line >= 1 && line <= program.Lines.Length && Trimmed(response, program.Lines[line - 1]) is { } span => [span],
        _ => [],
    };

    static (int Start, int End)? Trimmed(string response, (int Start, int End) line)
    {
        var text = response.AsSpan(line.Start, line.End - line.Start);
        var start = line.Start + text.Length - text.TrimStart().Length;
        return text.IsWhiteSpace() ? null : (start, start + text.Trim().Length);
    }
}
