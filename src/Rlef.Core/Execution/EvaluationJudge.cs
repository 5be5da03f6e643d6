using System.Collections.Immutable;
using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>
/// Judges for the record: a program that reads standard input gets a process a test. The calls of a function share one, as in the sets' own harnesses,
/// since sets such as EvalPlus make hundreds of them.
/// </summary>
public sealed class EvaluationJudge(ISandbox sandbox) : IJudge
{
    readonly Judge perTest = new(sandbox, Isolation.PerTest), perProgram = new(sandbox);

    public Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false,
        CancellationToken cancellation = default) =>
        (problem.EntryPoint is null ? perTest : perProgram).JudgeAsync(program, problem, tests, stopAtFirstFailure, cancellation);
}
