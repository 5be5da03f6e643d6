using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// A_n = Σ_{m≥n} γ^{m−n} r_m over the response tokens of a dialogue, whitened over the tokens of the batch (REINFORCE++: Hu 2025, arXiv 2501.03262,
/// section 3). With <see cref="GroupBaseline"/> the dialogue's reward less its problem's mean takes the place of the sum.
/// </summary>
/// <remarks>The paper's token rewards hold −β·KL of each token: set <c>kl.per</c> to <c>token</c>. The variance is the sample's.</remarks>
public sealed record ReinforcePlusPlusAdvantage : IAdvantage
{
    public double Gamma { get; init; } = 1;
    public bool GroupBaseline { get; init; }

    public ValueSites Sites => ValueSites.None;

    public void Estimate(IReadOnlyList<TrainingSequence> batch, RunMemory memory)
    {
        if (GroupBaseline)
            Groups.Compare(batch, DrGrpoAdvantage.Of);
        else
            foreach (var sequence in batch)
                Gae.Returns(sequence.TokenTotals(), Gamma).CopyTo(sequence.Advantages, 0);
        Tokens.Whiten(batch, sample: true);
    }
}
