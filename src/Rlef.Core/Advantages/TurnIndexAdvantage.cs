using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// No critic: what a turn is expected to bring is the mean over the other dialogues about the same problem that reached a turn of the same number, as
/// where turns are taken for steps of a group (GRPO, arXiv 2402.03300, with process supervision).
/// </summary>
/// <remarks>
/// <c>Reward</c>: A_t = Σ_{k≥t} (r_k − mean of r_k). It is biased: how many terms are subtracted follows the dialogue's own stopping turn.
/// <c>Return</c>: A_t = G_t − mean of G_t, the dialogue itself included. <c>LeaveOneOut</c>: the same without it; 0 where no other reached the turn.
/// Not whitened.
/// </remarks>
public sealed record TurnIndexAdvantage : IAdvantage
{
    public enum Baseline { Reward, Return, LeaveOneOut }

    public Baseline Against { get; init; } = Baseline.LeaveOneOut;

    public ValueSites Sites => ValueSites.None;
    public bool ComparesWithinGroups => true;

    /// <summary>Dialogues that are paid the same in all may have been paid at other turns, which are compared one by one.</summary>
    public bool IsFlat(IReadOnlyList<TrainingSequence> batch) => batch.GroupBy(s => s.Group).All(group => Gae.AreFlat([.. group], 1));

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        foreach (var group in batch.GroupBy(s => s.Group))
        {
            var members = group.ToList();
            var advantages = Of(members.ConvertAll(ByTurn), Against);
            for (var i = 0; i < members.Count; i++)
                members[i].SetTurnAdvantages([.. members[i].Spans.Select(s => advantages[i][s.Turn])]);
        }
    }

    // Turns without tokens that count are paid nothing of their own.
    static double[] ByTurn(TrainingSequence sequence)
    {
        var rewards = new double[sequence.Spans.IsEmpty ? 0 : sequence.Spans[^1].Turn + 1];
        foreach (var (span, total) in sequence.Spans.Zip(sequence.TurnTotals()))
            rewards[span.Turn] = total;
        return rewards;
    }

    /// <param name="rewards">Of each dialogue, by turn; they may end at different turns.</param>
    /// <returns>Of the same shape.</returns>
    public static double[][] Of(IReadOnlyList<double[]> rewards, Baseline against)
    {
        var returns = rewards.Select(r => Gae.Returns(r, 1)).ToArray();
        return [.. rewards.Select((own, i) => against switch
        {
            Baseline.Reward => Gae.Returns([.. own.Select((r, t) => r - MeanAt(rewards, t))], 1),
            Baseline.Return => [.. returns[i].Select((g, t) => g - MeanAt(returns, t))],
            _ => [.. own.Select((_, t) => returns.Count(o => o.Length > t) == 1 ? 0 : returns[i][t] - MeanAt(returns.Where((_, j) => j != i), t))],
        })];
    }

    static double MeanAt(IEnumerable<double[]> of, int turn) => Moments.Of([.. of.Where(o => o.Length > turn).Select(o => o[turn])]).Mean;
}
