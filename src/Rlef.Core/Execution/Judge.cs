using System.Collections.Immutable;
using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>Runs programs in a sandbox and decides, outside of it, whether they are right.</summary>
public sealed class Judge(ISandbox sandbox, Isolation isolation = Isolation.PerProgram) : IJudge
{
    readonly CheckerRunner checkers = new(sandbox);

    public async Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false,
        CancellationToken cancellation = default)
    {
        if (tests.IsEmpty)
            throw new ArgumentException($"Problem '{problem.Id}' has no tests to judge by.", nameof(tests));
        var verdicts = await RunAsync(program, problem, tests, isolation, stopAtFirstFailure, cancellation);
        if (isolation == Isolation.PerProgram && problem.EntryPoint is null)
            await RunAloneAsync(program, problem, tests, verdicts, stopAtFirstFailure, cancellation);
        return new Judgement([.. verdicts.Select(v => v with { Output = Verdict.Beginning(v.Output) })], tests.Length);
    }

    // What a test leaves in modules of the library, such as a closed event loop or a precision, the next one of its process finds. So no later one is believed
    // to have failed before it failed in a process of its own; one whose time is up is: to wait for it again would cost the most, and the least can change.
    async Task RunAloneAsync(string program, Problem problem, ImmutableArray<TestCase> tests, List<Verdict> verdicts, bool stopAtFirstFailure, CancellationToken cancellation)
    {
        var doubtful = Enumerable.Range(0, verdicts.Count).Skip(1)
            .Where(i => verdicts[i].Kind is VerdictKind.WrongAnswer or VerdictKind.RuntimeError or VerdictKind.OutputLimit or VerdictKind.MemoryLimit).ToList();
        if (doubtful.Count == 0)
            return;
        if (stopAtFirstFailure)
        {
            // There is one failure, and it is the last: what was left out after it may follow now.
            var rest = await RunAsync(program, problem, tests[doubtful[0]..], Isolation.PerTest, stopAtFirstFailure, cancellation);
            verdicts.RemoveRange(doubtful[0], verdicts.Count - doubtful[0]);
            verdicts.AddRange(rest);
            return;
        }
        var alone = await RunAsync(program, problem, [.. doubtful.Select(i => tests[i])], Isolation.PerTest, stopAtFirstFailure, cancellation);
        foreach (var (index, verdict) in doubtful.Zip(alone))
            verdicts[index] = verdict;
    }

    async Task<List<Verdict>> RunAsync(string program, Problem problem, ImmutableArray<TestCase> tests, Isolation isolation, bool stopAtFirstFailure, CancellationToken cancellation)
    {
        var request = new ExecutionRequest(program, [.. tests.Select(t => Given(t, problem))], Entry(problem), Allowing(problem.Limits ?? Limits.Default, tests), isolation,
            problem.Preamble, problem.Setup)
        {
            Digests = Records(ValueComparer.Digest),
            Iterators = Records(ValueComparer.Iterator),
            InputFile = problem.InputFile,
            OutputFile = problem.OutputFile,
            StopAfter = stopAtFirstFailure ? Fails : null,
        };
        var results = await sandbox.RunAsync(request, cancellation);
        List<Verdict> verdicts = [.. results.Zip(tests, (result, test) => new Verdict(Decide(result, test, problem), test, result.Output, result.Error, result.Cpu))];
        if (problem.Checker is not null)
            await AskCheckerAsync(problem, verdicts, stopAtFirstFailure, cancellation);
        if (stopAtFirstFailure && verdicts.FindIndex(v => v.Kind != VerdictKind.Accepted) is >= 0 and var failed)
            verdicts.RemoveRange(failed + 1, verdicts.Count - failed - 1);
        return verdicts;

        // Values are recorded for calls alone, and the outputs of other problems are long.
        bool Records(string tag) => problem.EntryPoint is not null && tests.Any(t => t.Output.Contains(tag, StringComparison.Ordinal));

        // Of a wrong answer, a checker may think otherwise.
        bool Fails(int index, ExecutionResult result) =>
            Decide(result, tests[index], problem) is var kind && kind != VerdictKind.Accepted && !(kind == VerdictKind.WrongAnswer && problem.Checker is not null);
    }

    static string? Entry(Problem problem) => problem.EntryClass is null ? problem.EntryPoint : $"{problem.EntryClass}.{problem.EntryPoint}";

    // Lines as Linux ends them, whoever wrote the set, and the last one's end, which sets often lost.
    static string Given(TestCase test, Problem problem)
    {
        if (problem.EntryPoint is not null)
            return test.Input;
        var lines = test.Input.Replace("\r\n", "\n", StringComparison.Ordinal);
        return lines is "" or [.., '\n'] ? lines : lines + '\n';
    }

    // Of bytes; an answer may be written with more blanks, digits and escapes than the expected one.
    const int Longer = 4;

    const int LongestOutput = int.MaxValue >> 4;

    // An output that is as long as the expected one is never too long.
    static Limits Allowing(Limits limits, ImmutableArray<TestCase> tests) =>
        limits with { OutputBytes = (int)Math.Clamp((long)Longer * tests.Max(t => t.Output.Length), Math.Min(limits.OutputBytes, LongestOutput), LongestOutput) };

    // Only wrong answers come before a checker; where the first failure ends the matter, only those that stand before any other failure.
    async Task AskCheckerAsync(Problem problem, List<Verdict> verdicts, bool stopAtFirstFailure, CancellationToken cancellation)
    {
        List<int> asked = [];
        for (var i = 0; i < verdicts.Count; i++)
            if (verdicts[i].Kind == VerdictKind.WrongAnswer)
                asked.Add(i);
            else if (stopAtFirstFailure && verdicts[i].Kind != VerdictKind.Accepted)
                break;
        if (asked.Count == 0)
            return;
        // A wrong program is mostly wrong on the first.
        var round = stopAtFirstFailure ? 1 : asked.Count;
        for (var at = 0; at < asked.Count; at += round, round = asked.Count)
        {
            var part = asked.Skip(at).Take(round).ToList();
            var answers = await checkers.AskAsync(problem, [.. part.Select(i => verdicts[i])], cancellation);
            foreach (var (index, answer) in part.Zip(answers))
                verdicts[index] = answer;
            if (stopAtFirstFailure && answers.Any(a => a.Kind != VerdictKind.Accepted))
                return;
        }
    }

    static VerdictKind Decide(ExecutionResult result, TestCase test, Problem problem) => result.Status switch
    {
        ExecutionStatus.Completed => OutputComparer.Equal(problem, result.Output, test.Output) ? VerdictKind.Accepted : VerdictKind.WrongAnswer,
        ExecutionStatus.RuntimeError or ExecutionStatus.Crashed => VerdictKind.RuntimeError,
        ExecutionStatus.OutputLimit => VerdictKind.OutputLimit,
        ExecutionStatus.TimeLimit => VerdictKind.TimeLimit,
        ExecutionStatus.MemoryLimit => VerdictKind.MemoryLimit,
        ExecutionStatus.CompileError => VerdictKind.CompileError,
        _ => VerdictKind.InfrastructureError,
    };
}
