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
    /// <summary>Whether the batch's A get the mean 0 and the deviation 1, each dialogue counted once: (A − mean) / (std + 10⁻⁴). Not in the paper.</summary>
    public bool Normalised { get; init; }

    public ValueSites Sites => ValueSites.None;
    public bool ComparesWithinGroups => true;

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        Groups.Compare(batch, Of);
        var all = batch.Where(s => s.Advantages.Length > 0).Select(s => s.Advantages[0]).ToList();
        if (!Normalised || all.Count == 0)
            return;
        var (mean, deviation) = (all.Average(), Moments.Deviation(all) + 1e-4);
        foreach (var sequence in batch)
            for (var n = 0; n < sequence.Advantages.Length; n++)
                sequence.Advantages[n] = (sequence.Advantages[n] - mean) / deviation;
    }

    /// <param name="rewards">Of a group.</param>
    public static double[] Of(double[] rewards) => Moments.AreEqual(rewards)
        ? new double[rewards.Length]
        : [.. rewards.Select(r => r - (rewards.Sum() - r) / (rewards.Length - 1))];
}
