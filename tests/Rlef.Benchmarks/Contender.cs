namespace Rlef.Benchmarks;

/// <summary>One side of a comparison.</summary>
/// <param name="Round">Runs once with a number of threads; milliseconds.</param>
sealed record Contender(string Name, Func<int, Task<double>> Round)
{
    /// <summary>The laboratory's own side.</summary>
    public static Contender Ours(Func<int, double> round) => new("rlef", threads => Task.FromResult(round(threads)));
}
