using System.Collections.Immutable;
using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>Runs programs in a sandbox and decides, outside of it, whether they are right.</summary>
public sealed class Judge(ISandbox sandbox, Isolation isolation = Isolation.PerProgram) : IJudge
{
    public async Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false,
        CancellationToken cancellation = default)
    {
        if (tests.IsEmpty)
            throw new ArgumentException($"Problem '{problem.Id}' has no tests to judge by.", nameof(tests));
        var request = new ExecutionRequest(program, [.. tests.Select(t => t.Input)], problem.EntryPoint, problem.Limits ?? Limits.Default, isolation);
        var results = await sandbox.RunAsync(request, cancellation);
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(results.Length);
        foreach (var (result, test) in results.Zip(tests))
        {
            verdicts.Add(new Verdict(Decide(result, test, problem.Comparison), test, result.Output, result.Error, result.Cpu));
            if (stopAtFirstFailure && verdicts[^1].Kind != VerdictKind.Accepted)
                break;
        }
        return new Judgement(verdicts.ToImmutable(), tests.Length);
    }

    static VerdictKind Decide(ExecutionResult result, TestCase test, Comparison comparison) => result.Status switch
    {
        ExecutionStatus.Completed => OutputComparer.Equal(comparison, result.Output, test.Output) ? VerdictKind.Accepted : VerdictKind.WrongAnswer,
        ExecutionStatus.RuntimeError => VerdictKind.RuntimeError,
        ExecutionStatus.OutputLimit => VerdictKind.OutputLimit,
        ExecutionStatus.TimeLimit => VerdictKind.TimeLimit,
        ExecutionStatus.MemoryLimit => VerdictKind.MemoryLimit,
        ExecutionStatus.CompileError => VerdictKind.CompileError,
        _ => VerdictKind.InfrastructureError,
    };
}
