using System.Globalization;

namespace Rlef.Benchmarks;

/// <summary>What a device can do at most (Williams et al. 2009).</summary>
/// <param name="Products">Operations a second of libtorch's own product of two large matrices, by type: what a model's layers can reach at best.</param>
sealed record Roof(double FlopsPerSecond, double BytesPerSecond, IReadOnlyDictionary<string, double> Products)
{
    /// <summary>The product in bfloat16, by which processors are compared.</summary>
    public double Product => Products["bfloat16"];

    /// <summary>All figures, for a report.</summary>
    public Dictionary<string, double> Figures => new(Products.Select(p => KeyValuePair.Create($"product_{p.Key}_gflops", p.Value / 1e9)))
    {
        ["peak_gflops"] = FlopsPerSecond / 1e9, ["memory_gb_per_second"] = BytesPerSecond / 1e9,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"peak {FlopsPerSecond / 1e9:F0} GFLOP/s; matrix products: {string.Join(", ", Products.Select(p => $"{p.Key} {p.Value / 1e9:F0} GFLOP/s"))}; memory {BytesPerSecond / 1e9:F0} GB/s");
}
