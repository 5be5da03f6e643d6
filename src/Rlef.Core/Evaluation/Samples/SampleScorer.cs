using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Evaluation.Samples;

/// <summary>Judges a file of samples, as <see cref="EvaluationJudge"/> does.</summary>
/// <param name="faults">Why problems of the set cannot be read: their samples are counted, not judged.</param>
/// <param name="parallel">Samples judged at once.</param>
/// <param name="stopAtFirstFailure">
/// Leave out a sample's tests after the first that is not accepted, whose verdict is then the sample's. Otherwise all tests are run, and the verdict
/// that takes precedence is. Which samples are accepted is the same.
/// </param>
public sealed class SampleScorer(ProblemSet problems, ISandbox sandbox, int? parallel = null, bool stopAtFirstFailure = true,
    IReadOnlyList<ProblemFault>? faults = null)
{
    readonly EvaluationJudge judge = new(sandbox);

    /// <param name="samples">The file; see <see cref="SampleFile"/>.</param>
    /// <param name="journal">File for what has been judged, to go on from after an interruption; null for none.</param>
    /// <param name="done">Receives the number of samples judged.</param>
    /// <exception cref="ProblemFormatException">A line is no sample; nothing has been judged then.</exception>
    public async Task<SampleScores> ScoreAsync(string samples, string? journal = null, IProgress<(int Done, int Total)>? done = null,
        CancellationToken cancellation = default)
    {
        var unread = new UnreadTasks(faults ?? []);
        List<(int Problem, bool Fenced)> rows = [.. SampleFile.Read(samples, problems, unread.Count).Select(s => (s.Problem, s.Fenced))];
        if (rows.Count == 0)
            throw new ProblemFormatException(samples, 1, "task_id", unread.Tasks.FirstOrDefault() is { } task
                ? $"no sample is for a problem that can be judged. '{task.TaskId}': {task.Reason}"
                : "the file has no samples.");
        var outcomes = new SampleOutcome?[rows.Count];
        using var kept = journal is null ? null : SampleJournal.Open(journal, samples, problems, stopAtFirstFailure, (row, outcome) =>
        {
            if (row < outcomes.Length)
                outcomes[row] = outcome;
        });
        var finished = outcomes.Count(o => o is not null);
        var door = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel ?? 2 * Sandbox.DefaultWorkers, CancellationToken = cancellation };
        await Parallel.ForEachAsync(SampleFile.Read(samples, problems, unread.Holds).Where(s => outcomes[s.Row] is null), options, async (sample, stop) =>
        {
            var outcome = await JudgeAsync(sample, stop);
            lock (door)
            {
                outcomes[sample.Row] = outcome;
                // The sandbox's own failures are tried again next time.
                if (outcome.Verdict != VerdictKind.InfrastructureError)
                    kept?.Add(sample.Row, outcome);
                done?.Report((++finished, outcomes.Length));
            }
        });
        return new SampleScores(problems, [.. rows.Zip(outcomes, (row, outcome) => (row.Problem, row.Fenced, outcome!.Value))], [.. unread.Tasks]);
    }

    async Task<SampleOutcome> JudgeAsync(Sample sample, CancellationToken cancellation)
    {
        var problem = problems[sample.Problem];
        var judgement = await judge.JudgeAsync(sample.Program, problem, problem.AllTests, stopAtFirstFailure, cancellation);
        var shown = judgement.Verdicts.Take(problem.PublicTests.Length).Count(v => v.Kind == VerdictKind.Accepted);
        return new(judgement.Kind, shown == problem.PublicTests.Length);
    }
}
