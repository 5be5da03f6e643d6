using Rlef.Dialogue;

namespace Rlef.Learning;

/// <summary>
/// An episode as the learner sees it: the token ids as they were sampled, and one entry for each response token of all turns in order.
/// </summary>
public sealed class TrainingSequence
{
    /// <param name="level">Decides where values are read: before each turn, or before each response token.</param>
    public TrainingSequence(Episode episode, AdvantageLevel level)
    {
        Episode = episode;
        Ids = new int[episode.Length];
        var count = episode.Turns.Sum(t => t.Response.Length);
        (Positions, TurnOf, Behaviour) = (new int[count], new int[count], new float[count]);
        (OldLogProbs, ReferenceLogProbs, Advantages) = (new float[count], new float[count], new float[count]);
        var sites = new List<int>();
        int at = 0, n = 0;
        for (var turn = 0; turn < episode.Turns.Length; turn++)
        {
            var (prompt, response, logProbs) = (episode.Turns[turn].Prompt, episode.Turns[turn].Response, episode.Turns[turn].LogProbs);
            prompt.CopyTo(Ids, at);
            response.CopyTo(Ids, at + prompt.Length);
            at += prompt.Length;
            for (var j = 0; j < response.Length; j++, at++, n++)
            {
                (Positions[n], TurnOf[n], Behaviour[n]) = (at - 1, turn, logProbs[j]);
                if (level == AdvantageLevel.Token || level == AdvantageLevel.Turn && j == 0)
                    sites.Add(n);
            }
        }
        Sites = [.. sites];
        (OldValues, Returns) = (new float[Sites.Length], new float[Sites.Length]);
    }

    public Episode Episode { get; }

    /// <summary>[T] the whole dialogue. The token at position p is predicted from position p − 1.</summary>
    public int[] Ids { get; }

    /// <summary>[N] position from which each response token is predicted.</summary>
    public int[] Positions { get; }

    /// <summary>[N] turn of each response token.</summary>
    public int[] TurnOf { get; }

    /// <summary>[N] log-probabilities when sampled.</summary>
    public float[] Behaviour { get; }

    /// <summary>[N] log-probabilities under the policy at the start of the update.</summary>
    public float[] OldLogProbs { get; }

    /// <summary>[N] log-probabilities under the frozen reference policy.</summary>
    public float[] ReferenceLogProbs { get; }

    /// <summary>[N] advantage of each response token.</summary>
    public float[] Advantages { get; }

    /// <summary>[M] response tokens before which a value is read, as indices into the arrays above.</summary>
    public int[] Sites { get; }

    /// <summary>[M] values at the start of the update.</summary>
    public float[] OldValues { get; }

    /// <summary>[M] returns that the values are to predict.</summary>
    public float[] Returns { get; }

    /// <summary>Mean of log π_old − log ρ over the tokens of a turn: the length-normalised log-ratio of RLEF section 2.2.</summary>
    public double LogRatio(int turn)
    {
        double sum = 0;
        var count = 0;
        for (var n = 0; n < TurnOf.Length; n++)
            if (TurnOf[n] == turn)
            {
                sum += OldLogProbs[n] - ReferenceLogProbs[n];
                count++;
            }
        return sum / count;
    }
}
