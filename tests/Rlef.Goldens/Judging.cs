using Rlef.Execution;

namespace Rlef.Goldens;

/// <summary>Judges the program of each row, as scoring does.</summary>
static class Judging
{
    public static async Task<IReadOnlyList<GoldenCase>> RunAsync(ISandbox sandbox, IReadOnlyList<GoldenProgram> programs, CancellationToken cancellation)
    {
        var judge = new EvaluationJudge(sandbox);
        var cases = new GoldenCase[programs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2 * Sandbox.DefaultWorkers, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, programs.Count), options, async (i, stop) =>
        {
            var (row, name, program, problem, accepted) = programs[i];
            if (program is null)
            {
                cases[i] = new(row, name, accepted, false, [], "no program");
                return;
            }
            var judgement = await judge.JudgeAsync(program, problem, problem.AllTests, stopAtFirstFailure: true, stop);
            var failure = judgement.Verdicts.FirstOrDefault(v => v.Kind != VerdictKind.Accepted);
            cases[i] = new(row, name, accepted, judgement.Accepted, [.. judgement.Verdicts.Select(v => (v.Test.Output, v.Output))],
                $"{judgement.Kind} {failure?.Error?.Type} {failure?.Error?.Message}".Trim());
        });
        return cases;
    }
}
