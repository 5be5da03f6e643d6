using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// A = G_t − mean over the tokens of the batch + the token's own reward: REINFORCE with the batch's mean as baseline (Williams 1992, where it is a running mean), and rewards of
/// single tokens that weigh those tokens alone.
/// </summary>
public sealed record RewardAdvantage : IAdvantage
{
    public ValueSites Sites => ValueSites.None;
    public bool WeighsTokens => true;

    public bool IsFlat(IReadOnlyList<TrainingSequence> batch) => Gae.AreFlat(batch, 1);

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        foreach (var sequence in batch)
            sequence.SetTurnAdvantages(Gae.Returns(sequence.TurnPay, 1));
        var (mean, _) = Moments.Of([.. batch.SelectMany(s => s.Advantages)]);
        foreach (var sequence in batch)
            for (var n = 0; n < sequence.Advantages.Length; n++)
                sequence.Advantages[n] += sequence.TokenPay[n] - mean;
    }
}
