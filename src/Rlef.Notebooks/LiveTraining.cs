using Rlef.Learning;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks;

/// <summary>
/// Shows the progress of a training run in a display that is updated in place, about once a second: how many episodes were solved so far, drawn, and the
/// last update in a line. It ends the run when its cell is interrupted.
/// </summary>
/// <param name="update">Replaces what is shown, such as <c>LiveDisplay.Show("").Update</c>.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <param name="config">Of the run; where it is given, a policy that solves nothing or comes apart is told of, with what to try.</param>
public sealed class LiveTraining(string title, int updates, Action<object> update, TimeProvider? time = null, TrainingConfig? config = null) : IProgress<IReadOnlyDictionary<string, double>>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = time ?? TimeProvider.System;
    private readonly RunProgress _progress = new(updates, time);
    private readonly List<IReadOnlyDictionary<string, double>> _past = [];
    private readonly RunWarnings? _warnings = config is null ? null : new(config);
    private long? _shown;
    private string? _warning;

    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public void Report(IReadOnlyDictionary<string, double> value)
    {
        CellCancellation.Token.ThrowIfCancellationRequested();
        _past.Add(value);
        var when = _progress.Tell(value);
        _warning ??= _warnings?.Tell(value);
        var now = _clock.GetTimestamp();
        if (_shown is { } shown && _clock.GetElapsedTime(shown, now) < Pause && value["update"] + 1 < updates) return;
        _shown = now;
        update(new LiveCurves($"{title}: {when}, {RunProgress.Line(value)}{(_warning is null ? "" : $" {_warning}")}", updates,
            [LiveCurves.Of("solved", "solve_rate", _past), LiveCurves.Of("first turn", "first_turn_pass_rate", _past)]));
    }
}
