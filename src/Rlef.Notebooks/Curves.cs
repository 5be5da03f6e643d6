namespace Rlef.Notebooks;

/// <summary>Learning curves from the metrics of runs.</summary>
public static class Curves
{
    /// <summary>One metric over updates, averaged over a window, with the spread over seeds.</summary>
    /// <param name="runs">Metrics of each seed, one dictionary an update. Those of which no update is known, such as runs that were trained elsewhere, are
    /// left out; without any other the curve is empty.</param>
    /// <param name="window">Updates in the moving average.</param>
    public static Curve OfMetric(string arm, string metric, IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, double>>> runs, int window = 5)
    {
        if (runs.Any(run => run.Count > 0)) runs = [.. runs.Where(run => run.Count > 0)];
        var updates = runs.Min(r => r.Count);
        double[] x = [.. runs[0].Take(updates).Select(m => m["update"] + 1)];
        IReadOnlyList<double>[] values = [.. runs.Select(run => (IReadOnlyList<double>)
            [.. Enumerable.Range(0, updates).Select(u => run.Take(u + 1).TakeLast(window).Average(m => m[metric]))])];
        return Curve.OverSeeds(arm, x, values, IsShare(metric) ? Estimate.Share : Estimate.Standard);
    }

    // As docs/metrics.md names them.
    internal static bool IsShare(string metric) =>
        metric.EndsWith("_rate", StringComparison.Ordinal) && metric != "learning_rate" || metric.StartsWith("verdict_", StringComparison.Ordinal) || metric == "clip_fraction";
}
