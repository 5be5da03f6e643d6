using Rlef.Evaluation;

namespace Rlef.Experiments;

/// <summary>
/// Works off a <see cref="Sweep"/>: trains what is not trained, scores what is not scored. A run lies in a folder named by the hash of its recipe, so that an
/// arm that stands in several sweeps is computed once, and a sweep that was killed goes on where it was. Several processes may work on one sweep, or on sweeps
/// that have runs in common: each takes what no other has in hand.
/// </summary>
/// <param name="root">Folder of all runs.</param>
public sealed class SweepRunner(Sweep sweep, string root)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="Finished">Runs that this process has trained, or found trained.</param>
    /// <param name="Run">Null for a base policy that is scored.</param>
    /// <param name="Place">Of the run in the sweep's table, from 1.</param>
    /// <param name="Found">Whether the run had been trained before.</param>
    /// <param name="Metrics">Of an update of the run; null when it begins.</param>
    public sealed record Progress(int Finished, int All, Sweep.Run? Run, int Place, bool Found, IReadOnlyDictionary<string, double>? Metrics);

    /// <param name="sandbox">Where programs run, and <paramref name="packages"/> what they may import; see <see cref="Laboratory.OpenAsync"/>.</param>
    /// <param name="output">Results file: after each run what this process knows by then, and in the end all.</param>
    /// <returns>Results of all runs.</returns>
    /// <exception cref="InvalidDataException">Runs came apart, are damaged or cannot be; all others are finished.</exception>
    /// <exception cref="ArgumentException">Two base policies have the same weights.</exception>
    public async Task<SweepResults> RunAsync(string output, string? sandbox = null, string? packages = null, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        await using var work = new SweepWork(sweep, root, output, sandbox, packages, progress, cancellation);
        await ShareAsync(sweep.Policies.Keys, work.TrySelectAsync, cancellation);
        await ShareAsync([.. sweep.Policies.Keys.Select(work.ScoreBase), .. sweep.Runs.Select(work.TrainAndScore)], tryAsync => tryAsync(), cancellation);
        work.SaveOutcomes();
        return work.Failures.Count == 0 ? work.Results
            : throw new InvalidDataException($"{work.Failures.Count} of {sweep.Runs.Count()} runs did not finish, and are not among the results in {output}: {string.Join("; ", work.Failures)}");
    }

    // What another process has in hand is put off, and found done in the end; if that process ends before, it is taken over.
    static async Task ShareAsync<T>(IEnumerable<T> all, Func<T, Task<bool>> tryAsync, CancellationToken cancellation)
    {
        for (var open = all.ToList(); open.Count > 0;)
        {
            List<T> putOff = [];
            foreach (var work in open)
                if (!await tryAsync(work))
                    putOff.Add(work);
            if (putOff.Count == open.Count)
                await Task.Delay(Patience, cancellation);
            open = putOff;
        }
    }

    /// <summary>What sweeps scored of the policy in a folder of theirs: feedback, turn limit and outcomes.</summary>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    public static IEnumerable<(string Feedback, int Turns, EvaluationResult Result)> Evaluations(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "evaluation-*.json").Order(StringComparer.Ordinal))
            if (Path.GetFileName(path).Split('-') is [_, var feedback, var turns, ..] && int.TryParse(turns, out var limit))
                yield return (feedback, limit, OutcomeFile.Read(path));
    }
}
