using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// A = R(Ŵ) − R(Ŵ_best) + the token's own reward: a program is compared with the best that was written before for the same problem (RLTF, arXiv 2307.04349,
/// section 3.3), and rewards of single tokens weigh those tokens alone, without a baseline (L_fine).
/// </summary>
/// <remarks>
/// Deviation: a batch of which all programs come out the same teaches nothing, whatever that is (<see cref="IAdvantage.IsFlat"/>).
/// What a program is compared with is settled when it is written, and kept with it in the buffer: no program does better than a best that counts itself. A first
/// program has nothing to be compared with: its R stands alone. Where fewer than all rewards are paid, Ŵ_best is the program that they find best.
/// The released code compares with a greedy sample instead.
/// </remarks>
public sealed record BestSoFarAdvantage : IAdvantage
{
    public ValueSites Sites => ValueSites.None;
    public bool WeighsTokens => true;

    /// <summary>Equal rewards say something where the best before them differ, and a lone one by its own.</summary>
    public bool IsFlat(IReadOnlyList<TrainingSequence> batch) => batch.Count > 1 && Moments.AreEqual([.. batch.Select(s => s.TurnRewards.Sum() - s.BestBefore)]);

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        foreach (var sequence in batch)
        {
            var advantage = sequence.TurnPay.Sum() - sequence.BestBefore;
            for (var n = 0; n < sequence.Advantages.Length; n++)
                sequence.Advantages[n] = advantage + sequence.TokenPay[n];
        }
    }
}
