namespace Rlef.Benchmarks;

/// <summary>One side of a comparison.</summary>
/// <param name="Round">Runs once with a number of threads; milliseconds.</param>
/// <param name="Dispatches">Operators of ATen that a step dispatches; null where there are none.</param>
sealed record Contender(string Name, Func<int, Task<double>> Round, double? Dispatches = null)
{
    /// <summary>The laboratory's own side.</summary>
    public static Contender Ours(Func<int, double> round) => new("rlef", threads => Task.FromResult(round(threads)));
}
