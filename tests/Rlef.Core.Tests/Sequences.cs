using Rlef.Advantages;
using Rlef.Experience;

namespace Rlef.Core.Tests;

/// <summary>Training sequences made by hand.</summary>
static class Sequences
{
    /// <param name="turnOf">[N] turn of each token that counts.</param>
    /// <param name="rewards">[K] of the turns.</param>
    /// <param name="tokens">[N] rewards of tokens; null for none.</param>
    public static TrainingSequence Of(string group, int[] turnOf, double[] rewards, double[]? tokens = null) =>
        new(group, [.. Enumerable.Range(0, turnOf.Length + 1)], [.. Enumerable.Range(0, turnOf.Length)], turnOf, new double[turnOf.Length], rewards, tokens ?? []);

    /// <summary>One turn of two tokens.</summary>
    public static TrainingSequence Paid(string group, double reward) => Of(group, [0, 0], [reward]);

    /// <param name="values">By sequence, where the estimator reads any.</param>
    public static IReadOnlyList<TrainingSequence> Estimated(this IAdvantage advantage, IReadOnlyList<TrainingSequence> batch, double[][]? values = null)
    {
        foreach (var (sequence, i) in batch.Select((s, i) => (s, i)))
        {
            sequence.ReadValuesAt(advantage.Sites);
            values?[i].CopyTo(sequence.OldValues, 0);
        }
        advantage.Estimate(batch);
        return batch;
    }

    public static void Near(double[] expected, IEnumerable<double> actual, double tolerance = 1e-6)
    {
        var all = actual.ToArray();
        Assert.Equal(expected.Length, all.Length);
        for (var i = 0; i < all.Length; i++)
            Assert.True(Math.Abs(expected[i] - all[i]) <= tolerance, $"[{i}]: {all[i]} instead of {expected[i]}");
    }
}
