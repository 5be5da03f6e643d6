using MathNet.Numerics.Distributions;

namespace Rlef.Evaluation;

/// <summary>
/// Means over training runs and problems with intervals that cover: both are draws, of which there are few. A percentile bootstrap of three to five runs
/// covers far less than it says.
/// </summary>
/// <remarks>
/// Two variances: of the runs' means, s²/R, or where it is larger (of two base policies: where it reaches further) that of the means by base policy; and of the problems, G/(G−1) · Σ over clusters of
/// (Σ of deviations from the mean)² / P², of the scores averaged over runs. The interval reaches √(t₁²v₁ + t₂²v₂), each with Student's quantile for its own
/// degrees of freedom: common degrees after Satterthwaite would cover less than 95 % for three runs. Chance between runs that falls on single problems is in
/// both, so the interval is somewhat too wide rather than too narrow. Where all clusters but a few score alike, it reaches at least as far as Wilson's for none of that many
/// clusters; it never leaves what shares, or their differences, can be.
/// </remarks>
public static class Estimates
{
    /// <summary>Mean of the runs' means, over the problems that all of them have scored.</summary>
    /// <param name="bases">Of each run, the policy that it began with; null for one base, of which the runs then speak alone.</param>
    /// <exception cref="ArgumentException">There is no run, or no problem that all have scored.</exception>
    public static Interval Mean(IReadOnlyList<Scores> runs, IReadOnlyList<string>? bases = null) => Of(Scores.Common(runs), bases, differences: false);

    // A variance that scores such as thirds have though they are all alike, and by how much their sums then differ.
    const double Rounding = 1e-20, Digits = 1e9;

    // Where more clusters than so many score otherwise than most, their variance reaches further than Wilson's.
    const int Few = 3;

    static Interval Of(IReadOnlyList<Scores> runs, IReadOnlyList<string>? bases, bool differences)
    {
        if (runs.Count == 0 || runs[0].Count == 0)
            throw new ArgumentException("There is no run, or no problem that every run has scored.");
        var mean = runs.Average(r => r.Average());
        var (problems, clusters, others) = OfProblems(runs, mean);
        var (between, degrees) = OfRuns([.. runs.Select(r => r.Average())], bases);
        var all = runs.SelectMany(r => r).ToList();
        var share = !differences && all.TrueForAll(x => x is >= 0 and <= 1);
        var (least, most) = share ? (0, 1) : all.TrueForAll(x => x is >= -1 and <= 1) ? (-1, 1) : (double.NegativeInfinity, double.PositiveInfinity);
        // One cluster, such as a lone problem, says nothing of the others that it was drawn from: anything is possible.
        if (clusters < 2 && most == 1 && !(share && mean is 0 or 1))
            return new(mean, least, most);
        var reach = problems + between > Rounding ? Math.Sqrt(Reach(problems, clusters - 1) + Reach(between, degrees)) : 0;
        // Where nearly all are alike, how many there are says how rare others can be; a variance that a few of those make says little of it.
        if (most == 1 && others <= Few)
            reach = Math.Max(reach, Proportion.Wilson(0, clusters).High);
        return new(mean, Math.Max(least, mean - reach), Math.Min(most, mean + reach));
    }

    /// <summary>Mean of one policy's scores.</summary>
    public static Interval Mean(Scores run) => Mean([run]);

    /// <summary>Mean of numbers that are each a draw of their own.</summary>
    public static Interval Mean(IEnumerable<double> scores) => Mean(Scores.Of(scores));

    /// <summary>Mean of a − b, paired by run and problem: the paired test is whether 0 lies outside.</summary>
    /// <param name="a">Run by run the partner of <paramref name="b"/>: of the same seed and base.</param>
    /// <inheritdoc cref="Mean(IReadOnlyList{Scores}, IReadOnlyList{string}?)"/>
    public static Interval Difference(IReadOnlyList<Scores> a, IReadOnlyList<Scores> b, IReadOnlyList<string>? bases = null) => a.Count == b.Count
        ? Of(Scores.Common([.. a.Zip(b, (x, y) => x.Minus(y))]), bases, differences: true)
        : throw new ArgumentException($"{a.Count} runs cannot be paired with {b.Count}.");

    static double Reach(double variance, int degrees) => variance == 0 ? 0 : variance * Math.Pow(StudentT.InvCDF(0, 1, degrees, 0.975), 2);

    // Others: clusters that score otherwise than most.
    static (double Variance, int Clusters, int Others) OfProblems(IReadOnlyList<Scores> runs, double mean)
    {
        var deviations = Enumerable.Range(0, runs[0].Count).Select(p => runs.Average(r => r[p]) - mean).ToArray();
        var clusters = runs[0].Clusters.ToList();
        var sums = clusters.Select(c => c.Sum(p => deviations[p])).ToList();
        var others = sums.Count - sums.Zip(clusters, (sum, c) => Math.Round(sum / c.Count * Digits)).CountBy(d => d).Max(d => d.Value);
        return sums.Count < 2 ? (0, sums.Count, others)
            : (sums.Sum(s => s * s) / ((double)deviations.Length * deviations.Length) * sums.Count / (sums.Count - 1), sums.Count, others);
    }

    static (double Variance, int Degrees) OfRuns(IReadOnlyList<double> means, IReadOnlyList<string>? bases)
    {
        var runs = OfMean(means);
        if (bases is null || bases.Distinct().Count() < 2)
            return runs;
        var byBase = OfMean([.. means.Zip(bases).GroupBy(m => m.Second, m => m.First).Select(g => g.Average())]);
        // Two base policies may be alike by chance, so that their variance, of one degree of freedom, is too small.
        var wider = byBase.Degrees == 1 ? Reach(byBase.Variance, byBase.Degrees) > Reach(runs.Variance, runs.Degrees) : byBase.Variance > runs.Variance;
        return wider ? byBase : runs;
    }

    static (double Variance, int Degrees) OfMean(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Count < 2 ? (0, 0) : (values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count, values.Count - 1);
    }
}
