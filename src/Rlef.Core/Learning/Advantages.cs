using Rlef.Rewards;

namespace Rlef.Learning;

/// <summary>Turns rewards into returns and advantages (RLEF section 2.2), γ = 1.</summary>
public static class Advantages
{
    /// <summary>
    /// R_t = Σ_{i≥t} (r_i − β · mean log-ratio of turn i) and A = R − V, written to the sequence.
    /// </summary>
    /// <param name="turnRewards">[K] reward of each turn.</param>
    public static void Fill(TrainingSequence sequence, ReadOnlySpan<double> turnRewards, TrainingConfig config)
    {
        var returns = new double[turnRewards.Length];
        var sum = 0.0;
        for (var turn = turnRewards.Length - 1; turn >= 0; turn--)
            returns[turn] = sum += turnRewards[turn] - config.KlWeight * sequence.LogRatio(turn);

        var site = -1;
        for (var n = 0; n < sequence.Advantages.Length; n++)
        {
            if (site + 1 < sequence.Sites.Length && sequence.Sites[site + 1] == n)
                sequence.Returns[++site] = (float)returns[sequence.TurnOf[n]];
            var value = config.AdvantageLevel == AdvantageLevel.Reward ? 0 : sequence.OldValues[site];
            sequence.Advantages[n] = (float)(returns[sequence.TurnOf[n]] - value);
        }
    }

    /// <summary>Shifts and scales the advantages of a batch to mean 0 and standard deviation 1, each value site counted once.</summary>
    public static void Normalise(IReadOnlyCollection<TrainingSequence> sequences)
    {
        var (mean, deviation) = Moments([.. sequences.SelectMany(s => s.Sites.Select(n => (double)s.Advantages[n]))]);
        Change(sequences, a => (a - mean) / deviation);
    }

    /// <summary>Subtracts the mean over all response tokens of the batch.</summary>
    public static void Centre(IReadOnlyCollection<TrainingSequence> sequences)
    {
        var (mean, _) = Moments([.. sequences.SelectMany(s => s.Advantages).Select(a => (double)a)]);
        Change(sequences, a => a - mean);
    }

    /// <summary>
    /// Whether all episodes of a batch were paid the same, turn for turn or in total: nothing then tells a good response from a bad one. What differs after
    /// that, the penalty and the values, is noise, and dividing it by its own deviation would make it as loud as a reward.
    /// </summary>
    public static bool AreFlat(IEnumerable<EpisodeReward> rewards)
    {
        var totals = rewards.Select(r => r.Total).ToArray();
        return totals.Length == 0 || totals.Max() - totals.Min() <= 1e-9 * Math.Max(1, Math.Abs(totals[0]));
    }

    /// <summary>Sets all advantages to zero.</summary>
    public static void Clear(IReadOnlyCollection<TrainingSequence> sequences) => Change(sequences, _ => 0);

    /// <summary>Adds the rewards of single response tokens.</summary>
    public static void AddTokenRewards(TrainingSequence sequence, ReadOnlySpan<double> tokenRewards)
    {
        for (var n = 0; n < tokenRewards.Length; n++)
            sequence.Advantages[n] += (float)tokenRewards[n];
    }

    static (double Mean, double Deviation) Moments(double[] values)
    {
        if (values.Length == 0)
            return (0, 1);
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))) + 1e-8);
    }

    static void Change(IEnumerable<TrainingSequence> sequences, Func<double, double> change)
    {
        foreach (var sequence in sequences)
            for (var n = 0; n < sequence.Advantages.Length; n++)
                sequence.Advantages[n] = (float)change(sequence.Advantages[n]);
    }
}
