namespace Rlef.Learning;

/// <summary>What goes wrong in a run while it learns, for whoever shows its progress.</summary>
/// <param name="config">Of the run.</param>
public sealed class RunWarnings(TrainingConfig config)
{
    readonly NothingSolved nothing = new(config);
    readonly PolicyCollapse collapse = new(config);

    /// <summary>Hears of every update, in order.</summary>
    /// <returns>What is wrong and what to try, once for each fault; otherwise null.</returns>
    public string? Tell(IReadOnlyDictionary<string, double> metrics) => nothing.Tell(metrics) ?? collapse.Tell(metrics);
}
