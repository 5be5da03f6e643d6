using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>
/// Puts outputs to a problem's checker: Python source with <c>check(input, expected, output)</c>, which returns True or a number other than 0 for a right
/// output, and False or 0 for a wrong one, or ends its process with Kattis's exit code for either. It runs in the sandbox as well, in a process of its own that
/// never holds the judged program. For a call-based problem it gets values, else texts.
/// </summary>
sealed class CheckerRunner(ISandbox sandbox)
{
    /// <summary>Type of the error in a verdict on a problem whose checker is broken: no fault of the program or of the sandbox.</summary>
    public const string Failure = "CheckerFailure";

    const int KattisAccepts = 42, KattisRejects = 43;

    static readonly Limits Limits = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), 2L << 30, 1 << 20);

    // Characters; what one process of a checker is given at most to judge.
    const int MaxLength = 64 << 20;

    /// <param name="undecided">Verdicts of WrongAnswer.</param>
    /// <returns>The checker's verdicts in the same order; InfrastructureError where it fails on the expected output too.</returns>
    public async Task<ImmutableArray<Verdict>> AskAsync(Problem problem, ImmutableArray<Verdict> undecided, CancellationToken cancellation)
    {
        var decided = undecided.ToBuilder();
        var asked = undecided.Select((verdict, i) => (Index: i, Text: Question(problem, verdict))).Where(q => q.Text is not null).ToList();
        for (int at = 0, next; at < asked.Count; at = next)
        {
            var length = 0L;
            var part = asked.Skip(at).TakeWhile((q, i) => (length += q.Text!.Length) <= MaxLength || i == 0).ToList();
            var answers = await RunAsync(problem, part.Select(q => q.Text!), cancellation);
            var stumbled = answers.TakeWhile(IsAnswer).Count();
            var failure = stumbled == part.Count ? null
                : await FailureAsync(problem, undecided[part[stumbled].Index], cancellation) ?? (stumbled < answers.Length && IsOfSandbox(answers[stumbled]) ? answers[stumbled] : null);
            // After a time-out the rest is not asked.
            next = answers.Length < part.Count ? asked.Count : at + part.Count;
            for (var i = at; i < next; i++)
                decided[asked[i].Index] = Decide(undecided[asked[i].Index], i - at < answers.Length ? answers[i - at] : null, failure);
        }
        return decided.ToImmutable();
    }

    Task<ImmutableArray<ExecutionResult>> RunAsync(Problem problem, IEnumerable<string> questions, CancellationToken cancellation) =>
        sandbox.RunAsync(new(problem.Checker!, [.. questions], "check", Limits, Isolation.PerProgram), cancellation);

    // How the checker fails where the output is the expected one. If it does not, what it stumbled over was the program's output, which is wrong then: a program
    // must not be able to have its verdict withdrawn. If it does, the checker is broken, and that is no verdict on the program.
    async Task<ExecutionResult?> FailureAsync(Problem problem, Verdict verdict, CancellationToken cancellation) =>
        Question(problem, verdict with { Output = verdict.Test.Output }) is not { } question
            ? new(ExecutionStatus.RuntimeError, "", new("JsonException", "the expected output is no JSON.", null, ""), default, default)
            : (await RunAsync(problem, [question], cancellation)).FirstOrDefault(a => !IsAnswer(a));

    static bool IsAnswer(ExecutionResult answer) => Said(answer) is not null;

    // Anything else, such as None of a branch that forgot to return, is no answer.
    static bool? Said(ExecutionResult answer) => answer.ExitCode is KattisAccepts or KattisRejects ? answer.ExitCode == KattisAccepts
        : answer.Status != ExecutionStatus.Completed ? null
        : answer.Output is "true" or "false" ? answer.Output == "true"
        : double.TryParse(answer.Output, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number != 0 : null;

    static bool IsOfSandbox(ExecutionResult answer) => answer.Status == ExecutionStatus.InfrastructureError;

    static Verdict Decide(Verdict verdict, ExecutionResult? answer, ExecutionResult? failure)
    {
        if (answer is not null && Said(answer) is { } isRight)
            return isRight ? verdict with { Kind = VerdictKind.Accepted } : verdict;
        if (failure is null)
            return verdict;
        var error = failure.Error;
        return verdict with
        {
            Kind = VerdictKind.InfrastructureError,
            Error = new(Failure, failure.Status == ExecutionStatus.Completed ? $"The checker returned {Excerpt.Of(PythonValue.Show(failure.Output), 100)} where True or False is due."
                : $"The checker failed: {(failure.Status == ExecutionStatus.RuntimeError ? $"{error?.Type}: " : "")}{error?.Message}", null, error?.Traceback ?? ""),
        };
    }

    // The output comes from an untrusted process: it is taken apart here, so that it can be one argument and no more.
    static string? Question(Problem problem, Verdict verdict)
    {
        if (problem.EntryPoint is null)
            return JsonSerializer.Serialize((string[])[verdict.Test.Input, verdict.Test.Output, verdict.Output]);
        try
        {
            using var output = JsonDocument.Parse(verdict.Output, new JsonDocumentOptions { MaxDepth = TestCase.MaxDepth });
            var input = verdict.Test.Input.StartsWith('=') ? JsonSerializer.Serialize(verdict.Test.Input) : verdict.Test.Input;
            return $"[{input},{verdict.Test.Output},{output.RootElement.GetRawText()}]";
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
