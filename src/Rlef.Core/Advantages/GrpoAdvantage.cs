using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// A_i = (R_i − mean) / (std + ε) over the dialogues of one problem, the same for all tokens (GRPO: Shao et al. 2024, arXiv 2402.03300, section 4.1). The
/// deviation is the sample's, as in the common implementations.
/// </summary>
/// <remarks>Where all R are equal, and for a dialogue without others, A is exactly 0; implementations in 32 bits divide the rounding of the mean by ε there.</remarks>
public sealed record GrpoAdvantage : IAdvantage
{
    public double Epsilon { get; init; } = 1e-6;

    public ValueSites Sites => ValueSites.None;

    public void Estimate(IReadOnlyList<TrainingSequence> batch, RunMemory memory) => Groups.Compare(batch, rewards => Of(rewards, Epsilon));

    /// <param name="rewards">Of a group.</param>
    public static double[] Of(double[] rewards, double epsilon)
    {
        var (mean, variance) = Moments.Of(rewards, sample: true);
        return variance == 0 ? new double[rewards.Length] : [.. rewards.Select(r => (r - mean) / (Math.Sqrt(variance) + epsilon))];
    }
}
