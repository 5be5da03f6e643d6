namespace Rlef.Benchmarks;

/// <summary>What a device can do at most (Williams et al. 2009).</summary>
sealed record Roof(double FlopsPerSecond, double BytesPerSecond)
{
    /// <summary>Both figures, for a report.</summary>
    public Dictionary<string, double> Figures => new() { ["peak_gflops"] = FlopsPerSecond / 1e9, ["memory_gb_per_second"] = BytesPerSecond / 1e9 };
}
