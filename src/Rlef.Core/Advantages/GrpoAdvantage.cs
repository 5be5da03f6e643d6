using Rlef.Critics;
using Rlef.Experience;
using Rlef.Storage;

namespace Rlef.Advantages;

/// <summary>
/// A_i = (R_i − mean) / (std + ε) over the dialogues of one problem, the same for all tokens (GRPO: Shao et al. 2024, arXiv 2402.03300, section 4.1). The
/// deviation is the sample's, as in the common implementations.
/// </summary>
/// <remarks>
/// Where all R are equal, and for a dialogue without others, A is exactly 0; implementations in 32 bits divide the rounding of the mean by ε there.
/// <see cref="Scale.Batch"/> divides by the deviation of the whole batch instead, so that a problem that was nearly always or never solved is not made loud
/// (Liu et al. 2025, arXiv 2508.08221, section 4.1).
/// </remarks>
public sealed record GrpoAdvantage : IAdvantage
{
    public enum Scale { Group, Batch }

    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Whose deviation divides.</summary>
    public Scale Over { get; init; } = Scale.Group;

    public ValueSites Sites => ValueSites.None;
    public bool ComparesWithinGroups => true;

    public void Check() => Setting.AtLeast("advantage.epsilon", Epsilon, 0);

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        var deviation = Moments.Deviation([.. batch.Select(s => s.Pay)]);
        Groups.Compare(batch, Over == Scale.Group ? rewards => Of(rewards, Epsilon) : rewards => Divided(rewards, deviation, Epsilon));
        // What is left of equal rewards is the KL penalty taken from them, which division would make as loud as a reward.
        foreach (var group in batch.GroupBy(s => s.Group).Where(g => Moments.AreEqual([.. g.Select(s => s.Reward)])))
            foreach (var sequence in group)
                Array.Clear(sequence.Advantages);
    }

    /// <param name="rewards">Of a group.</param>
    public static double[] Of(double[] rewards, double epsilon) => Divided(rewards, Moments.Deviation(rewards), epsilon);

    static double[] Divided(double[] rewards, double deviation, double epsilon) =>
        [.. DrGrpoAdvantage.Of(rewards).Select(a => a == 0 ? 0 : a / (deviation + epsilon))];
}
