using Rlef.Randomness;

namespace Rlef.Evaluation;

/// <summary>Percentile bootstrap over problems and, where there are several, over training seeds.</summary>
public static class Bootstrap
{
    const int Resamples = 2000;

    /// <summary>
    /// The mean of scores[seed][problem], resampling seeds and then problems, the same ones for every seed. Problems are the larger source of chance:
    /// the interval speaks of the family that they were drawn from, not of these problems alone.
    /// </summary>
    public static Interval Mean(IReadOnlyList<IReadOnlyList<double>> scores, ulong key = 1)
    {
        if (scores.Count == 0 || scores.Any(s => s.Count == 0 || s.Count != scores[0].Count))
            throw new ArgumentException("Every seed needs the same problems, and at least one.");
        var random = RandomStream.For(key, 2718);
        var (seeds, problems) = (scores.Count, scores[0].Count);
        var means = new double[Resamples];
        var drawn = new int[problems];
        for (var r = 0; r < Resamples; r++)
        {
            for (var p = 0; p < problems; p++)
                drawn[p] = random.NextInt(problems);
            var sum = 0.0;
            for (var s = 0; s < seeds; s++)
            {
                var row = scores[random.NextInt(seeds)];
                foreach (var p in drawn)
                    sum += row[p];
            }
            means[r] = sum / (seeds * (double)problems);
        }
        Array.Sort(means);
        return new(scores.Average(s => s.Average()), means[(int)(0.025 * Resamples)], means[(int)(0.975 * Resamples) - 1]);
    }

    public static Interval Mean(IReadOnlyList<double> scores, ulong key = 1) => Mean([scores], key);

    /// <summary>The mean of a − b, paired by seed and problem.</summary>
    public static Interval Difference(IReadOnlyList<IReadOnlyList<double>> a, IReadOnlyList<IReadOnlyList<double>> b, ulong key = 1) =>
        Mean([.. a.Zip(b, (x, y) => (IReadOnlyList<double>)[.. x.Zip(y, (p, q) => p - q)])], key);
}
