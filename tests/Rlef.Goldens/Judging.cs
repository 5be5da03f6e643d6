using System.Text.Json;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Goldens;

/// <summary>Judges a program for each row, as scoring does.</summary>
static class Judging
{
    public static async Task<IReadOnlyList<GoldenCase>> RunAsync(ISandbox sandbox, IReadOnlyList<JsonElement> rows,
        Func<JsonElement, (string Name, string? Program, Problem Problem, bool Accepted)> read, CancellationToken cancellation)
    {
        var judge = new EvaluationJudge(sandbox);
        var cases = new GoldenCase[rows.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2 * Sandbox.DefaultWorkers, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, rows.Count), options, async (i, stop) =>
        {
            var (name, program, problem, accepted) = read(rows[i]);
            if (program is null)
            {
                cases[i] = new(rows[i], name, accepted, false, [], "no program");
                return;
            }
            var judgement = await judge.JudgeAsync(program, problem, problem.AllTests, stopAtFirstFailure: true, stop);
            var failure = judgement.Verdicts.FirstOrDefault(v => v.Kind != VerdictKind.Accepted);
            cases[i] = new(rows[i], name, accepted, judgement.Accepted, [.. judgement.Verdicts.Select(v => (v.Test.Output, v.Output))], $"{judgement.Kind} {failure?.Error?.Type} {failure?.Error?.Message}".Trim());
        });
        return cases;
    }
}
