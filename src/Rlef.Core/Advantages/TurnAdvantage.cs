using Rlef.Critics;
using Rlef.Experience;
using Rlef.Storage;

namespace Rlef.Advantages;

/// <summary>
/// A_t = Σ_{i≥t} r_i − V(c_t) for each turn t, whitened over the turns of the batch, the same for every token of the turn (RLEF, arXiv 2410.02089,
/// section 2.2).
/// </summary>
/// <remarks>
/// Rewards of tokens count for their turn. Whitening uses the population's variance and counts every turn once; the paper leaves both open. γ and λ below 1
/// are not in the paper: with them this is GAE over turns (Turn-PPO, arXiv 2512.17008), and with λ = 1 Kevin's discounted return (arXiv 2507.11948).
/// </remarks>
public sealed record TurnAdvantage : IAdvantage
{
    /// <summary>Discount from turn to turn.</summary>
    public double Gamma { get; init; } = 1;

    public double Lambda { get; init; } = 1;

    public ValueSites Sites => ValueSites.Turn;

    public void Check()
    {
        Setting.AtLeast("advantage.gamma", Gamma, 0, 1);
        Setting.AtLeast("advantage.lambda", Lambda, 0, 1);
    }

    public bool IsFlat(IReadOnlyList<TrainingSequence> batch) => Gae.AreFlat(batch, Gamma);

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        List<double> all = [];
        foreach (var sequence in batch)
        {
            var advantages = Gae.Of(sequence.TurnTotals(), sequence.OldValues, Gamma, Lambda);
            for (var t = 0; t < advantages.Length; t++)
                sequence.Returns[t] = advantages[t] + sequence.OldValues[t];
            all.AddRange(advantages);
        }
        var (white, at) = (Moments.Whiten(all), 0);
        foreach (var sequence in batch)
        {
            sequence.SetTurnAdvantages(white.AsSpan(at, sequence.Spans.Length));
            at += sequence.Spans.Length;
        }
    }
}
