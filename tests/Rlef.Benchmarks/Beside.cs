namespace Rlef.Benchmarks;

/// <summary>Another side of a comparison, as it was measured.</summary>
/// <param name="Value">Rate or time, in the unit of ours.</param>
/// <param name="Dispatches">Operators of ATen that a step dispatches; null where there are none.</param>
sealed record Beside(string Name, double Value, int Threads, double? Dispatches = null)
{
    /// <summary>Prints a line for each side, and notes its figures under the names of model and side.</summary>
    /// <param name="unit">Of the values, for the figures' names.</param>
    public static void Report(string model, double ours, string unit, IEnumerable<Beside> sides, Dictionary<string, double> figures)
    {
        foreach (var side in sides)
        {
            Console.WriteLine($"  beside {side.Name,-14}{side.Value,11:N1} ({side.Threads} threads), ratio {ours / side.Value:F2}{(side.Dispatches is { } count ? $", {count:N0} operators dispatched a step" : "")}");
            var prefix = $"{model}_{side.Name.ToLowerInvariant()}";
            (figures[$"{prefix}_{unit}"], figures[$"{prefix}_ratio"]) = (side.Value, ours / side.Value);
            if (side.Dispatches is { } dispatches)
                figures[$"{prefix}_dispatches"] = dispatches;
        }
    }
}
