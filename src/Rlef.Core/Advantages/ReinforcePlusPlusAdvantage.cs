using Rlef.Critics;
using Rlef.Experience;
using Rlef.Storage;

namespace Rlef.Advantages;

/// <summary>
/// A_n = Σ_{m≥n} γ^{m−n} r_m over the response tokens of a dialogue, whitened over the tokens of the batch (REINFORCE++: Hu 2025, arXiv 2501.03262,
/// section 3). With <see cref="GroupBaseline"/> the mean of what the dialogues of the problem were paid is taken from the last token's reward first.
/// </summary>
/// <remarks>
/// The paper's token rewards hold −β·KL of each token: set <c>kl.per</c> to <c>token</c>. The baseline is of rewards alone, as in the authors' code: the
/// penalty stays with its token.
/// </remarks>
public sealed record ReinforcePlusPlusAdvantage : IAdvantage
{
    public double Gamma { get; init; } = 1;
    public bool GroupBaseline { get; init; }

    /// <summary>Whether whitening divides the squares by n − 1 instead of n; peers have either.</summary>
    public bool SampleVariance { get; init; } = true;

    public ValueSites Sites => ValueSites.None;
    public bool ComparesWithinGroups => GroupBaseline;

    public void Check() => Setting.AtLeast("advantage.gamma", Gamma, 0, 1);

    public bool IsFlat(IReadOnlyList<TrainingSequence> batch) => GroupBaseline ? batch.GroupBy(s => s.Group).All(g => Gae.AreFlat(g, 1)) : Gae.AreFlatByTokens(batch, Gamma);

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        foreach (var group in batch.GroupBy(s => s.Group))
        {
            var rewards = group.Select(s => s.Reward).ToArray();
            var above = GroupBaseline ? DrGrpoAdvantage.Of(rewards) : rewards;
            foreach (var (sequence, baseline) in group.Zip(rewards.Zip(above, (r, a) => r - a)).Where(s => s.First.Positions.Length > 0))
            {
                var totals = sequence.TokenTotals();
                totals[^1] -= baseline;
                Gae.Returns(totals, Gamma).CopyTo(sequence.Advantages, 0);
            }
        }
        Tokens.Whiten(batch, SampleVariance);
    }
}
