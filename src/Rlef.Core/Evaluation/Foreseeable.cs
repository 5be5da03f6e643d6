namespace Rlef.Evaluation;

/// <summary>
/// How much of what dialogues return the problem and the turn tell: the explained variance of a value function that knew for each problem how often dialogues
/// end solved from each turn on. A critic explains more only by what else it reads of a dialogue.
/// </summary>
/// <remarks>By analysis of variance: 1 − mean square within problem and turn / variance of all; unbiased where a critic's own explained variance on new dialogues is.</remarks>
public static class Foreseeable
{
    /// <returns>0 to 1; null where no problem was played twice, or all or none of the dialogues end solved.</returns>
    public static double? Share(IEnumerable<EpisodeOutcome> outcomes)
    {
        var sites = outcomes.Where(o => !o.Masked).SelectMany(o => o.Turns.Select((_, turn) => (o.Problem, Turn: turn, Solved: o.SolvedWithin(o.Turns.Length) ? 1.0 : 0))).ToList();
        var repeated = sites.GroupBy(s => (s.Problem, s.Turn), s => s.Solved).Where(g => g.Count() > 1).ToList();
        if (repeated.Count == 0 || Squares(sites.Select(s => s.Solved)) is var all && all == 0)
            return null;
        return Math.Max(0, 1 - repeated.Sum(Squares) / repeated.Sum(g => g.Count() - 1) / (all / (sites.Count - 1)));
    }

    // Σ (x − mean)².
    static double Squares(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var mean = all.Average();
        return all.Sum(x => (x - mean) * (x - mean));
    }
}
