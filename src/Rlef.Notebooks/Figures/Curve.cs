using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Rlef.Notebooks;

/// <summary>One arm's value over an axis, with its 95 % band.</summary>
/// <param name="Arm">The arm's name; it decides the colour.</param>
/// <exception cref="ArgumentException">There is not one value a point.</exception>
public sealed record Curve(string Arm, IReadOnlyList<double> X, IReadOnlyList<Estimate> Y)
{
    public IReadOnlyList<Estimate> Y { get; init; } = Y.Count == X.Count ? Y : throw new ArgumentException($"'{Arm}': {X.Count} points need as many values, found {Y.Count}.", nameof(Y));

    /// <summary>
    /// The mean over seeds with the 95 % interval of Student's t. One seed has no interval: the band is then the curve itself.
    /// </summary>
    /// <param name="runs">The values of each seed, all over the same <paramref name="x"/>.</param>
    /// <param name="format">How the values are written, as in <see cref="Estimate"/>.</param>
    /// <exception cref="ArgumentException">A run has not one value a point.</exception>
    public static Curve OverSeeds(string arm, IReadOnlyList<double> x, IReadOnlyList<IReadOnlyList<double>> runs, string format = Estimate.Standard)
    {
        if (runs.Count == 0 || runs.Any(run => run.Count != x.Count))
            throw new ArgumentException($"'{arm}': every run needs {x.Count} values, found {string.Join(", ", runs.Select(run => run.Count))}.", nameof(runs));
        var quantile = runs.Count > 1 ? StudentT.InvCDF(0, 1, runs.Count - 1, 0.975) : 0;
        return new Curve(arm, x, [.. x.Select((_, i) =>
        {
            var values = runs.Select(run => run[i]).ToArray();
            var half = runs.Count > 1 ? quantile * values.StandardDeviation() / Math.Sqrt(runs.Count) : 0;
            return new Estimate(values.Mean(), values.Mean() - half, values.Mean() + half, format);
        })]);
    }
}
