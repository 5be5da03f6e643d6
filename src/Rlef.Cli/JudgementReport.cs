using System.Globalization;
using Rlef.Execution;
using Rlef.Problems;
using Spectre.Console;

namespace Rlef.Cli;

/// <summary>Shows what the judge saw on each test of a problem.</summary>
/// <param name="mostInFull">Failed tests that are shown in full; of the others there is a line each, and beyond a screenful their number.</param>
sealed class JudgementReport(IAnsiConsole console, Problem problem, int mostInFull)
{
    const int MostLines = 40;

    Limits Limits => problem.Limits ?? Limits.Default;

    public void Write(Judgement judgement)
    {
        console.MarkupLine($"[bold]problem[/]  {Markup.Escape(problem.Id)}, {(problem.EntryPoint is { } name ? $"calls of {Markup.Escape(name)}" : "standard input and output")}, " +
            $"compared by {(problem.Checker is null ? "" : "the set's checker and ")}{problem.Comparison.ToString().ToLowerInvariant()}");
        console.MarkupLine($"[bold]limits[/]   {Time}, {Memory}, {Output}, for a test");
        var (full, lines) = (0, 0);
        List<Verdict> left = [];
        for (var i = 0; i < judgement.Verdicts.Length; i++)
        {
            var verdict = judgement.Verdicts[i];
            var inFull = verdict.Kind != VerdictKind.Accepted && full < mostInFull;
            if (!inFull && lines >= MostLines)
            {
                left.Add(verdict);
                continue;
            }
            Line(i, verdict);
            if (inFull)
                Details(verdict);
            (full, lines) = inFull ? (full + 1, lines) : (full, lines + 1);
        }
        if (left.Count > 0)
            console.WriteLine($"… {left.Count} more: {left.Count(v => v.Kind == VerdictKind.Accepted)} accepted, {left.Count(v => v.Kind != VerdictKind.Accepted)} not");
        if (judgement.TestCount - judgement.Verdicts.Length is > 0 and var rest)
            console.WriteLine($"{rest} not run: {(judgement.Kind == VerdictKind.InfrastructureError ? "the sandbox failed" : "after a time limit the rest is left out")}.");
        console.MarkupLine($"[bold]{(judgement.Accepted ? VerdictKind.Accepted : judgement.Kind)}[/]: {judgement.Passed} of {judgement.TestCount} tests accepted");
    }

    void Line(int index, Verdict verdict)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{ProblemSetValidator.TestName(problem, index),-18} {verdict.Kind,-19} {verdict.Cpu.TotalMilliseconds,8:F1} ms");
        console.MarkupLine($"{(verdict.Kind == VerdictKind.Accepted ? "[green]✓[/]" : "[red]✗[/]")} {Markup.Escape(text)}");
    }

    void Details(Verdict verdict)
    {
        MarkedText.Write(console, problem.EntryPoint is null ? "input" : "call", Call(verdict.Test.Input));
        var wrong = verdict.Kind == VerdictKind.WrongAnswer;
        var (expected, got) = (PythonValue.Show(problem, verdict.Test.Output), PythonValue.Show(problem, verdict.Output));
        var difference = wrong ? OutputDifference.Find(problem, expected, got) : null;
        MarkedText.Write(console, "expected", expected, difference?.Expected);
        if (wrong || got.Length > 0)
            MarkedText.Write(console, "got", got, difference?.Actual);
        var explanation = Explanation(verdict.Kind, wrong && difference is null);
        if (explanation is not null)
            console.MarkupLine($"    {Markup.Escape(explanation)}");
        if (verdict.Error is { Traceback: var traceback } error && (explanation is null || traceback.Contains('\n') || verdict.Kind == VerdictKind.InfrastructureError))
            MarkedText.Write(console, traceback.Length > 0 ? "traceback" : "error", traceback.Length > 0 ? traceback.TrimEnd()
                : error.Type.Length > 0 ? $"{error.Type}: {error.Message}" : error.Message, fromEnd: true);
    }

    string Call(string input) => problem.EntryPoint is not { } name ? input
        : input is ['=', .. var expression] ? expression
        : PythonValue.Show(input) is ['[', .. var arguments, ']'] ? $"{name}({arguments})" : input;

    string? Explanation(VerdictKind kind, bool undecided) => kind switch
    {
        VerdictKind.TimeLimit => $"More than {Time}.",
        VerdictKind.MemoryLimit => $"More than {Memory}.",
        VerdictKind.OutputLimit => $"More than {Output}, or too much in all tests together.",
        VerdictKind.InfrastructureError => "The sandbox failed, not the program.",
        _ when undecided && problem.Checker is not null => "The set's checker did not accept it.",
        _ when undecided => "The same as far as it is kept; the rest, or the order, differs.",
        _ => null,
    };

    string Time => string.Create(CultureInfo.InvariantCulture, $"{Limits.Cpu.TotalSeconds:0.###} s of processor time or {Limits.Wall.TotalSeconds:0.###} s in all");
    string Memory => $"{Limits.MemoryBytes >> 20} MiB of memory";
    string Output => $"{Limits.OutputBytes >> 10} KiB of output";
}
