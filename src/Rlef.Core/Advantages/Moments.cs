namespace Rlef.Advantages;

/// <summary>Means and deviations that do not take rounding for a difference.</summary>
public static class Moments
{
    /// <summary>Mean and variance.</summary>
    /// <param name="sample">Whether the sum of squares is divided by n − 1 instead of n.</param>
    /// <returns>Where all values are equal but for rounding, and for fewer than two, the first of them as mean and a variance of exactly 0.</returns>
    public static (double Mean, double Variance) Of(IReadOnlyCollection<double> values, bool sample = false)
    {
        if (values.Count == 0)
            return (0, 0);
        if (AreEqual(values))
            return (values.First(), 0);
        var mean = values.Average();
        var squares = values.Sum(v => (v - mean) * (v - mean));
        return (mean, squares / (values.Count - (sample ? 1 : 0)));
    }

    /// <summary>Square root of the sample's variance.</summary>
    public static double Deviation(IReadOnlyCollection<double> values) => Math.Sqrt(Of(values, sample: true).Variance);

    /// <summary>Whether values are the same but for rounding.</summary>
    public static bool AreEqual(IReadOnlyCollection<double> values) =>
        values.Count < 2 || values.Max() - values.Min() <= 1e-9 * Math.Max(1, values.Max(Math.Abs));

    /// <summary>(x − mean) / √(variance + 10⁻⁸) of each value; zeros where all are equal.</summary>
    /// <inheritdoc cref="Of"/>
    public static double[] Whiten(IReadOnlyCollection<double> values, bool sample = false)
    {
        var (mean, variance) = Of(values, sample);
        return variance == 0 ? new double[values.Count] : [.. values.Select(v => (v - mean) / Math.Sqrt(variance + 1e-8))];
    }
}
