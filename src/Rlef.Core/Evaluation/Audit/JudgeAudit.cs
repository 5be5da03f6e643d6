using System.Collections.Concurrent;
using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Evaluation.Audit;

/// <summary>
/// Judges the judge: references it should accept, mutants of them on which an independent <see cref="Oracle"/> has a say too, and cheats that it should
/// not pay.
/// </summary>
public sealed class JudgeAudit(ISandbox sandbox)
{
    readonly EvaluationJudge judge = new(sandbox);
    readonly Mutator mutator = new(sandbox);

    /// <summary>Reads a set of any known format, and lets the judge validate it.</summary>
    public async Task<AuditedSet> OpenAsync(string path, CancellationToken cancellation = default)
    {
        var reading = await ProblemReader.ReadAsync(path, sandbox, cancellation: cancellation);
        var set = reading.ToSetWithoutFaulty();
        return new(set.Name, reading, await ProblemSetValidator.ValidateAsync(set, judge, cancellation: cancellation));
    }

    /// <summary>Puts mutants of the set's references to the judge, and to the oracle too unless the set is in a format that it does not read.</summary>
    /// <param name="count">Mutants to make, spread over the problems; where programs are small there are fewer.</param>
    /// <param name="done">Receives the number of trials that are over.</param>
    public async Task<ImmutableArray<Trial>> TryMutantsAsync(AuditedSet set, int count, int seed = 1, IProgress<int>? done = null, CancellationToken cancellation = default)
    {
        var problems = set.Spread(count);
        var each = (count + problems.Length - 1) / Math.Max(1, problems.Length);
        var mutants = await Task.WhenAll(problems.Select((p, i) => mutator.MutateAsync(p, each, seed + i, cancellation)));
        var work = problems.Zip(mutants).SelectMany(p => p.Second.Select(m => (Problem: p.First, Mutant: m))).ToArray();
        var trials = new Trial[work.Length];
        var finished = 0;
        await EachAsync(set, work.Length, async (i, oracle, stop) =>
        {
            trials[i] = await TryAsync(work[i].Problem, work[i].Mutant, oracle, stop);
            done?.Report(Interlocked.Increment(ref finished));
        }, cancellation);
        return [.. trials];
    }

    // As many at once as there are processors, each with an oracle of its own.
    static async Task EachAsync(AuditedSet set, int count, Func<int, Oracle, CancellationToken, Task> act, CancellationToken cancellation)
    {
        ConcurrentBag<Oracle> idle = [], all = [];
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Sandbox.DefaultWorkers, CancellationToken = cancellation };
            await Parallel.ForAsync(0, count, options, async (i, stop) =>
            {
                if (!idle.TryTake(out var oracle))
                    all.Add(oracle = new Oracle(set.Reading.Path));
                await act(i, oracle, stop);
                idle.Add(oracle);
            });
        }
        finally
        {
            foreach (var oracle in all)
                await oracle.DisposeAsync();
        }
    }

    async Task<Trial> TryAsync(Problem problem, Mutant mutant, Oracle oracle, CancellationToken cancellation)
    {
        var judgement = await judge.JudgeAsync(mutant.Program, problem, problem.AllTests, stopAtFirstFailure: true, cancellation);
        return new(mutant, VerdictOf(judgement), judgement.Passed >= problem.PublicTests.Length, ProblemSetValidator.Describe(problem, judgement),
            await AskAsync(oracle, problem, mutant.Program, cancellation));
    }

    /// <summary>Tries every cheat on problems spread over the set, the harmless ones on the oracle too. A second is time enough to cheat.</summary>
    public async Task<ImmutableArray<CheatTrial>> TryCheatsAsync(AuditedSet set, int problems, CancellationToken cancellation = default)
    {
        var work = (from cheat in Cheats.All from problem in set.Spread(problems) select (Cheat: cheat, Problem: problem)).ToArray();
        var trials = new CheatTrial[work.Length];
        await EachAsync(set, work.Length, async (i, oracle, stop) =>
        {
            var (cheat, problem) = work[i];
            problem = problem with { Limits = (problem.Limits ?? Limits.Default) with { Cpu = TimeSpan.FromSeconds(1) } };
            var program = cheat.For(problem);
            var judgement = await judge.JudgeAsync(program, problem, problem.AllTests, stopAtFirstFailure: true, stop);
            trials[i] = new(cheat, problem.Id, VerdictOf(judgement), cheat.Harmless ? await AskAsync(oracle, problem, program, stop) : null);
        }, cancellation);
        return [.. trials];
    }

    static VerdictKind VerdictOf(Judgement judgement) => judgement.Accepted ? VerdictKind.Accepted : judgement.Verdicts[^1].Kind;

    static Task<OracleAnswer> AskAsync(Oracle oracle, Problem problem, string program, CancellationToken cancellation) =>
        oracle.AskAsync(problem.Id, program, (problem.Limits ?? Limits.Default).Cpu, cancellation);
}
