using Rlef.Execution;

namespace Rlef.Problems;

/// <summary>Lets a problem set prove itself: the judge must accept every reference and reject the empty program.</summary>
public static class ProblemSetValidator
{
    /// <param name="Field">Where to look in the problem's record.</param>
    public sealed record Fault(string Problem, string Field, string What);

    public sealed record Result(int Problems, int References, int Accepted, int EmptyRejected, IReadOnlyList<Fault> Faults);

    public static async Task<Result> ValidateAsync(ProblemSet problems, IJudge judge, IProgress<int>? done = null,
        CancellationToken cancellation = default)
    {
        var finished = 0;
        var checks = await Task.WhenAll(problems.Select(async problem =>
        {
            var reference = problem.Reference is { } program ? await JudgeAsync(problem, program) : null;
            var empty = await JudgeAsync(problem, "");
            done?.Report(Interlocked.Increment(ref finished));
            return (Problem: problem, Reference: reference, Empty: empty);
        }));
        List<Fault> faults = [];
        foreach (var (problem, reference, empty) in checks)
        {
            if (reference is null)
                faults.Add(new(problem.Id, "reference", "missing: nothing shows that the tests can be passed."));
            else if (!reference.Accepted)
                faults.Add(new(problem.Id, "reference", Describe(problem, reference)));
            if (empty.Accepted)
                faults.Add(new(problem.Id, "private_tests", "the empty program passes: the tests ask for no output."));
        }
        return new(problems.Count, checks.Count(c => c.Reference is not null), checks.Count(c => c.Reference is { Accepted: true }),
            checks.Count(c => !c.Empty.Accepted), faults);

        Task<Judgement> JudgeAsync(Problem problem, string program) =>
            judge.JudgeAsync(program, problem, problem.PublicTests.AddRange(problem.PrivateTests), cancellation: cancellation);
    }

    static string Describe(Problem problem, Judgement judgement)
    {
        var index = judgement.Verdicts.ToList().FindIndex(v => v.Kind != VerdictKind.Accepted);
        var verdict = judgement.Verdicts[index];
        var (list, at) = index < problem.PublicTests.Length ? ("public_tests", index) : ("private_tests", index - problem.PublicTests.Length);
        var detail = verdict.Kind == VerdictKind.WrongAnswer
            ? $"it printed '{Short(verdict.Output)}' instead of '{Short(verdict.Test.Output)}'"
            : verdict.Error?.Message;
        return $"{verdict.Kind} on {list}[{at}]: {detail}";
    }

    static string Short(string text) => text.Trim() is { Length: > 60 } t ? t[..60] + "…" : text.Trim();
}
