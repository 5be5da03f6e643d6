using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// A_i = R_i − mean over the dialogues of one problem: GRPO without the division that makes problems of rare success loud (Dr. GRPO: Liu et al. 2025,
/// arXiv 2503.20783, equation 3).
/// </summary>
/// <remarks>The paper's second change, a sum over tokens divided by a constant instead of the response's length, is the setting <c>aggregation</c>.</remarks>
public sealed record DrGrpoAdvantage : IAdvantage
{
    public ValueSites Sites => ValueSites.None;
    public bool ComparesWithinGroups => true;

    public void Estimate(IReadOnlyList<TrainingSequence> batch) => Groups.Compare(batch, Of);

    /// <param name="rewards">Of a group.</param>
    public static double[] Of(double[] rewards)
    {
        var (mean, variance) = Moments.Of(rewards);
        return variance == 0 ? new double[rewards.Length] : [.. rewards.Select(r => r - mean)];
    }
}
