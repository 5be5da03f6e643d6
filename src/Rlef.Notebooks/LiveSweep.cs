using Rlef.Experiments;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks;

/// <summary>
/// A sweep in a cell: shows in a display that is updated in place which run of how many it is at, and that run as <see cref="LiveTraining"/> does. It ends when
/// its cell is interrupted; what was computed by then is found by the next.
/// </summary>
/// <param name="update">Replaces what is shown, such as <c>LiveDisplay.Show("").Update</c>.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class LiveSweep(Action<object> update, TimeProvider? time = null) : IProgress<SweepRunner.Progress>
{
    private readonly Dictionary<string, List<List<IReadOnlyDictionary<string, double>>>> _metrics = [];
    private LiveTraining? _training;

    /// <summary>Trains and scores what a folder of runs lacks.</summary>
    /// <param name="runs">Folder of all runs.</param>
    /// <param name="output">Name of the results file in it.</param>
    /// <returns>With the results of all runs, and their metrics.</returns>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    /// <exception cref="InvalidDataException">Runs came apart, are damaged or cannot be; all others are finished.</exception>
    public static async Task<LiveSweep> RunAsync(Sweep sweep, string runs, string output)
    {
        var display = LiveDisplay.Show("starting …");
        var live = new LiveSweep(display.Update);
        live.Results = await new SweepRunner(sweep, runs).RunAsync(Path.Combine(runs, output), progress: live, cancellation: CellCancellation.Token);
        display.Update($"{live.Results.Runs.Count} runs finished and scored");
        return live;
    }

    /// <summary>Of the whole sweep, once it has run.</summary>
    public SweepResults Results { get; private set; } = new([]);

    /// <summary>Of the arm's runs so far, in the sweep's order: one dictionary an update, with the metrics that docs/metrics.md names.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, double>>> MetricsOf(string arm) => _metrics[arm];

    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public void Report(SweepRunner.Progress value)
    {
        CellCancellation.Token.ThrowIfCancellationRequested();
        if (value.Run is not { } run)
        {
            update("scoring the base policy");
            return;
        }
        if (value.Metrics is { } metrics)
        {
            _metrics[run.Arm][^1].Add(metrics);
            _training!.Report(metrics);
            return;
        }
        var title = $"run {value.Place} of {value.All} ({run.Arm}, {run.Policy}, seed {run.Seed})";
        update(title);
        _training = new(title, run.Config.Updates, update, time, run.Config);
        if (!_metrics.TryGetValue(run.Arm, out var ofArm))
            _metrics[run.Arm] = ofArm = [];
        ofArm.Add([]);
    }
}
