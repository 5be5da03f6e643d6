namespace Rlef.Benchmarks;

/// <summary>The other sides of a comparison, as they were measured.</summary>
static class Beside
{
    /// <summary>Prints a line for each side, and notes its figures under the names of model and side.</summary>
    /// <param name="ours">In the unit of the others.</param>
    /// <param name="unit">For the figures' names.</param>
    /// <param name="value">Rate or time, of a round's milliseconds.</param>
    public static void Report(string model, double ours, string unit, IEnumerable<Contender> others, IEnumerable<Timing> timings, Func<double, double> value, Dictionary<string, double> figures)
    {
        foreach (var (side, timing) in others.Zip(timings))
        {
            var theirs = value(timing.Milliseconds);
            Console.WriteLine($"  beside {side.Name,-14}{theirs,11:N1} ({timing.Threads} threads), ratio {ours / theirs:F2}{(side.Dispatches is { } count ? $", {count:N0} operators dispatched a step" : "")}");
            var prefix = $"{model}_{side.Name.ToLowerInvariant()}";
            (figures[$"{prefix}_{unit}"], figures[$"{prefix}_ratio"]) = (theirs, ours / theirs);
            if (side.Dispatches is { } dispatches)
                figures[$"{prefix}_dispatches"] = dispatches;
        }
    }
}
