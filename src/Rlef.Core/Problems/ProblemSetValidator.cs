using Rlef.Execution;

namespace Rlef.Problems;

/// <summary>
/// Lets a problem set prove itself: the judge must accept every reference, and reject the empty program and every draft. Where nothing but a reference would tell
/// whether the problem's own code works, and there is none, a function that does nothing must end in a wrong answer.
/// </summary>
public static class ProblemSetValidator
{
    /// <param name="Field">Where to look in the problem's record.</param>
    public sealed record Fault(string Problem, string Field, string What);

    /// <param name="References">How many problems have a reference; a problem without one is not at fault, but nothing shows that it can be solved.</param>
    public sealed record Result(int Problems, int References, int Accepted, int EmptyRejected, IReadOnlyList<Fault> Faults);

    public static async Task<Result> ValidateAsync(ProblemSet problems, IJudge judge, IProgress<int>? done = null,
        CancellationToken cancellation = default)
    {
        var finished = 0;
        // Judgements hold outputs, of which a large set has gigabytes: only the verdict on each problem is kept.
        var checks = await Task.WhenAll(problems.Select(async problem =>
        {
            var reference = problem.Reference is { } program ? Describe(problem, await JudgeAsync(problem, program)) : null;
            var empty = await JudgeAsync(problem, problem.CompletionPrefix);
            var ownCode = await FaultOfOwnCodeAsync(problem, JudgeAsync);
            var draftAccepted = problem.Draft is { } draft && (await JudgeAsync(problem, draft)).Accepted;
            done?.Report(Interlocked.Increment(ref finished));
            return (Problem: problem, Failure: reference, OwnCode: ownCode, EmptyAccepted: empty.Accepted,
                Unjudged: empty.Kind == VerdictKind.InfrastructureError && (problem.Reference is null || reference is not null) ? Describe(problem, empty) : null,
                DraftAccepted: draftAccepted);
        }));
        List<Fault> faults = [];
        foreach (var (problem, failure, ownCode, emptyAccepted, unjudged, draftAccepted) in checks)
        {
            // A checker that fails on the expected output too, and never accepted a program, does not work.
            if (unjudged is not null)
                faults.Add(new(problem.Id, problem.Checker is null ? "private_tests" : "checker", unjudged));
            else if (failure is not null)
                faults.Add(new(problem.Id, "reference", failure));
            if (ownCode is not null)
                faults.Add(ownCode);
            if (emptyAccepted)
                faults.Add(new(problem.Id, "private_tests", "the empty program passes: the tests ask for nothing."));
            if (draftAccepted)
                faults.Add(new(problem.Id, "draft", "it passes every test, so there is nothing to repair."));
        }
        return new(problems.Count, problems.Count(p => p.Reference is not null), checks.Count(c => c.Problem.Reference is not null && c.Failure is null),
            checks.Count(c => !c.EmptyAccepted && c.Unjudged is null), faults);

        Task<Judgement> JudgeAsync(Problem problem, string program) =>
            judge.JudgeAsync(program, problem, problem.AllTests, stopAtFirstFailure: true, cancellation);
    }

    // Whether a problem's own code runs, where no reference shows it. Tests that are expressions may end in an error by what an idle function returns.
    static async Task<Fault?> FaultOfOwnCodeAsync(Problem problem, Func<Problem, string, Task<Judgement>> judge)
    {
        if (problem is not { Reference: null, EntryPoint: { } entry } || problem.AllTests.Any(t => t.Input.StartsWith('=')))
            return null;
        var idle = $"def {entry}(*arguments, **options): pass\n";
        if (problem.Preamble is not null
            && await judge(problem with { Setup = null }, idle) is { Kind: not (VerdictKind.Accepted or VerdictKind.WrongAnswer or VerdictKind.InfrastructureError) } before)
            return new(problem.Id, "preamble", $"a function that does nothing ends in {Describe(problem, before)}");
        // It may use what programs make: a name that is missing is no fault of its own.
        return problem.Setup is not null && await judge(problem, idle) is var after && after.Verdicts[^1].Error?.Type is "SyntaxError" or "IndentationError" or "ImportError" or "ModuleNotFoundError"
            ? new(problem.Id, "setup", $"a function that does nothing ends in {Describe(problem, after)}")
            : null;
    }

    /// <summary>What keeps a program from being accepted; null for an accepted one.</summary>
    public static string? Describe(Problem problem, Judgement judgement)
    {
        if (judgement.Accepted)
            return null;
        var index = judgement.Verdicts.ToList().FindIndex(v => v.Kind != VerdictKind.Accepted);
        var verdict = judgement.Verdicts[index];
        var (expected, got) = (PythonValue.Show(problem, verdict.Test.Output), PythonValue.Show(problem, verdict.Output));
        var detail = verdict.Kind == VerdictKind.WrongAnswer
            ? $"it {(problem.EntryPoint is null ? "printed" : "returned")} '{Short(got)}'{Instead(problem, Short(expected), Short(got))}"
            : Explain(verdict.Error?.Message ?? "");
        return $"{verdict.Kind} on {TestName(problem, index)}: {detail}";
    }

    // A checker may refuse what is as expected.
    static string Instead(Problem problem, string expected, string got) => problem.Checker is null ? $" instead of '{expected}'"
        : $"{(got == expected ? ", as expected" : $" instead of '{expected}'")}, and the checker refused it";

    /// <summary>The name of one of <see cref="Problem.AllTests"/>, by its list and place there.</summary>
    public static string TestName(Problem problem, int index) => index < problem.PublicTests.Length
        ? $"public_tests[{index}]"
        : $"private_tests[{index - problem.PublicTests.Length}]";

    /// <summary>What a program's error means, where the error alone does not say it.</summary>
    internal static string Explain(string error) => error.Contains("No module named '", StringComparison.Ordinal)
        ? $"{error}: programs in the sandbox have Python's standard library alone."
        : error;

    // A fault is one line.
    static string Short(string text)
    {
        var line = text.Trim().ReplaceLineEndings("\\n");
        return line.Length > 60 ? line[..60] + "…" : line;
    }
}
