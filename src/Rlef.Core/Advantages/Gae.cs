using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, equation 16).</summary>
public static class Gae
{
    /// <summary>A_t = δ_t + γλ A_{t+1}, with δ_t = r_t + γ V_{t+1} − V_t and V = 0 after the end.</summary>
    /// <param name="rewards">[T]</param>
    /// <param name="values">[T]</param>
    /// <param name="lambda">1: A is the discounted return less the value.</param>
    /// <returns>[T]</returns>
    public static double[] Of(ReadOnlySpan<double> rewards, ReadOnlySpan<double> values, double gamma, double lambda)
    {
        var advantages = new double[rewards.Length];
        var (next, nextValue) = (0.0, 0.0);
        for (var t = rewards.Length - 1; t >= 0; t--)
        {
            var delta = rewards[t] + gamma * nextValue - values[t];
            advantages[t] = next = delta + gamma * lambda * next;
            nextValue = values[t];
        }
        return advantages;
    }

    /// <summary>G_t = r_t + γ G_{t+1}, [T].</summary>
    public static double[] Returns(ReadOnlySpan<double> rewards, double gamma) => Of(rewards, new double[rewards.Length], gamma, 1);

    /// <summary>Whether all dialogues that reach a turn are paid the same from it on.</summary>
    internal static bool AreFlat(IEnumerable<TrainingSequence> batch, double gamma) =>
        batch.SelectMany(s => Returns(s.TurnRewards, gamma).Select((g, turn) => (g, turn))).GroupBy(x => x.turn, x => x.g).All(g => Moments.AreEqual([.. g]));

    /// <summary>The same where tokens are discounted: equal rewards then differ where responses are longer.</summary>
    internal static bool AreFlatByTokens(IReadOnlyList<TrainingSequence> batch, double gamma) => gamma == 1 ? AreFlat(batch, 1) : batch.All(s => Array.TrueForAll(s.TurnRewards, r => r == 0));
}
