namespace Rlef.Benchmarks;

/// <summary>What rounds come to.</summary>
static class Statistics
{
    public static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
