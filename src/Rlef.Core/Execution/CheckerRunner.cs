using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>
/// Puts outputs to a problem's checker: Python source with <c>check(input, expected, output)</c>, which returns True for a right output. It runs in
/// the sandbox as well, in a process of its own that never holds the judged program. For a call-based problem it gets values, else texts.
/// </summary>
sealed class CheckerRunner(ISandbox sandbox)
{
    static readonly Limits Limits = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), 2L << 30, 1 << 20);

    /// <param name="undecided">Verdicts of WrongAnswer.</param>
    /// <returns>The checker's verdicts in the same order; InfrastructureError where it failed itself.</returns>
    public async Task<ImmutableArray<Verdict>> AskAsync(Problem problem, ImmutableArray<Verdict> undecided, CancellationToken cancellation)
    {
        var questions = undecided.Select(v => Question(problem, v)).ToArray();
        var asked = questions.OfType<string>().ToImmutableArray();
        var answers = ImmutableArray<ExecutionResult>.Empty;
        if (asked.Length > 0)
            answers = await sandbox.RunAsync(new(problem.Checker!, asked, "check", Limits, Isolation.PerProgram), cancellation);
        var next = 0;
        return [.. undecided.Select((verdict, i) => questions[i] is null ? verdict : Decide(verdict, next < answers.Length ? answers[next++] : null))];
    }

    static Verdict Decide(Verdict verdict, ExecutionResult? answer) => answer switch
    {
        { Status: ExecutionStatus.Completed, Output: "true" } => verdict with { Kind = VerdictKind.Accepted },
        // A checker that stumbles over an output has not accepted it. One whose process ended has said nothing.
        { Status: ExecutionStatus.Completed or ExecutionStatus.RuntimeError } => verdict,
        _ => verdict with
        {
            Kind = VerdictKind.InfrastructureError,
            Error = new("CheckerFailure", $"The checker failed: {answer?.Error?.Message ?? "it did not get to this test."}", null, answer?.Error?.Traceback ?? ""),
        },
    };

    // The output comes from an untrusted process: it is taken apart here, so that it can be one argument and no more.
    static string? Question(Problem problem, Verdict verdict)
    {
        if (problem.EntryPoint is null)
            return JsonSerializer.Serialize((string[])[verdict.Test.Input, verdict.Test.Output, verdict.Output]);
        try
        {
            using var output = JsonDocument.Parse(verdict.Output, new JsonDocumentOptions { MaxDepth = 512 });
            var input = verdict.Test.Input.StartsWith('=') ? JsonSerializer.Serialize(verdict.Test.Input) : verdict.Test.Input;
            return $"[{input},{verdict.Test.Output},{output.RootElement.GetRawText()}]";
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
