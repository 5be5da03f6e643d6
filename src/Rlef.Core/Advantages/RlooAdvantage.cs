using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// A_i = R_i − mean of the R of the problem's other dialogues, the same for all tokens of the dialogue (RLOO: Ahmadian et al. 2024, arXiv 2402.14740;
/// Kool et al. 2019).
/// </summary>
/// <remarks>A dialogue without others teaches nothing. Of the KL penalty the paper puts the sum over tokens into R: here it is as the recipe says.</remarks>
public sealed record RlooAdvantage : IAdvantage
{
    public ValueSites Sites => ValueSites.None;

    public void Estimate(IReadOnlyList<TrainingSequence> batch, RunMemory memory) => Groups.Compare(batch, Of);

    /// <param name="rewards">Of a group.</param>
    public static double[] Of(double[] rewards) => Moments.AreEqual(rewards)
        ? new double[rewards.Length]
        : [.. rewards.Select(r => r - (rewards.Sum() - r) / (rewards.Length - 1))];
}
