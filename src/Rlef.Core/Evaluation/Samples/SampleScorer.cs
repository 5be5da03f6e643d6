using Rlef.Execution;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Evaluation.Samples;

/// <summary>Judges a file of samples, as <see cref="EvaluationJudge"/> does.</summary>
/// <param name="reading">The problems. Samples for records with a fault are counted, and not judged.</param>
/// <param name="parallel">Samples judged at once.</param>
/// <param name="stopAtFirstFailure">
/// Leave out a sample's tests after the first that is not accepted, whose verdict is then the sample's. Otherwise all tests are run, and the verdict
/// that takes precedence is. Which samples are accepted is the same.
/// </param>
/// <param name="details">Keep why a sample was not accepted.</param>
public sealed class SampleScorer(ProblemReading reading, ISandbox sandbox, int? parallel = null, bool stopAtFirstFailure = true, bool details = false)
{
    readonly ProblemSet problems = reading.ToSetWithoutFaulty();
    readonly EvaluationJudge judge = new(sandbox);

    /// <param name="samples">The file; see <see cref="SampleFile"/>.</param>
    /// <param name="journal">File for what has been judged, to go on from after an interruption; null for none.</param>
    /// <param name="done">Receives the number of samples judged.</param>
    /// <exception cref="ProblemFormatException">A line is no sample; nothing has been judged then.</exception>
    public async Task<SampleScores> ScoreAsync(string samples, string? journal = null, IProgress<(int Done, int Total)>? done = null,
        CancellationToken cancellation = default)
    {
        List<(string Task, int? Problem, string? Blemish)> rows = [.. SampleFile.Read(samples, reading).Select(s => (s.Task, s.Problem, s.Blemish))];
        if (rows.Count == 0)
            throw RecordFile.Nothing(samples, "samples");
        if (rows.All(r => r.Problem is null))
            throw new ProblemFormatException(samples, 1, ProblemFault.WholeFile, "no sample is for a problem that can be judged. " +
                $"{reading.Faults.FirstOrDefault(f => f.Problem == rows[0].Task) ?? reading.Faults[0]}");
        var outcomes = new SampleOutcome?[rows.Count];
        using var kept = journal is null ? null : SampleJournal.Open(journal, samples, problems, sandbox.Packages, stopAtFirstFailure, details, (row, outcome) =>
        {
            if (row < outcomes.Length)
                outcomes[row] = outcome;
        });
        var (finished, total) = (outcomes.Count(o => o is not null), rows.Count(r => r.Problem is not null));
        var door = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel ?? 2 * Sandbox.DefaultWorkers, CancellationToken = cancellation };
        await Parallel.ForEachAsync(SampleFile.Read(samples, reading).Where(s => s.Problem is not null && outcomes[s.Row] is null), options, async (sample, stop) =>
        {
            var outcome = await JudgeAsync(sample.Program, problems[sample.Problem!.Value], stop);
            lock (door)
            {
                outcomes[sample.Row] = outcome;
                // The sandbox's own failures are tried again next time.
                if (outcome.Verdict != VerdictKind.InfrastructureError)
                    kept?.Add(sample.Row, outcome);
                done?.Report((++finished, total));
            }
        });
        return new SampleScores(reading, sandbox.Packages, [.. rows.Zip(outcomes, (row, outcome) => (row.Task, row.Problem, row.Blemish, outcome))]);
    }

    async Task<SampleOutcome> JudgeAsync(string program, Problem problem, CancellationToken cancellation)
    {
        var judgement = await judge.JudgeAsync(program, problem, problem.AllTests, stopAtFirstFailure, cancellation);
        var shown = judgement.Verdicts.Take(problem.PublicTests.Length).Count(v => v.Kind == VerdictKind.Accepted);
        return new(judgement.Kind, shown == problem.PublicTests.Length, details ? SampleFailure.Of(problem, judgement) : null,
            judgement.Verdicts.FirstOrDefault(v => v.Error?.Type == CheckerRunner.Failure)?.Error!.Message);
    }
}
