using System.Globalization;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks;

/// <summary>Shows the progress of a training run in a display that is updated in place, and ends the run when its cell is interrupted.</summary>
/// <param name="update">Replaces what is shown, such as <c>LiveDisplay.Show("").Update</c>.</param>
public sealed class LiveTraining(string title, int updates, Action<object> update) : IProgress<IReadOnlyDictionary<string, double>>
{
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public void Report(IReadOnlyDictionary<string, double> value)
    {
        CellCancellation.Token.ThrowIfCancellationRequested();
        update(string.Create(CultureInfo.InvariantCulture,
            $"{title}: update {value["update"] + 1:F0} of {updates}, solved {value["solve_rate"]:P0}, first turn {value["first_turn_pass_rate"]:P0}, KL {value["kl"]:F3}"));
    }
}
