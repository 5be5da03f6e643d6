using Rlef.Advantages;
using Rlef.Objectives;

namespace Rlef.Goldens.Numbers;

/// <summary>TRL's leave-one-out advantages.</summary>
sealed class TrlRloo() : NumberFile("trl-rloo.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["advantages"] = Advantages,
        ["advantages:kl"] = Advantages,
        ["advantages:normalized"] = Advantages,
        ["advantages:normalized:kl"] = Advantages,
    };

    static void Advantages(NumberRow row, Comparison c)
    {
        var size = (int)row.Number("num_generations");
        double[] rewards = [.. row.Matrix("rewards_per_func").Select(r => r[0])], mine = new double[rewards.Length];
        int[] scored = [.. Enumerable.Range(0, rewards.Length).Where(i => !double.IsNaN(rewards[i]))];
        var rows = new TokenRows([.. scored.Select(i => row.Matrix("completion_mask")[i])]);
        var sequences = rows.Sequences([.. scored.Select(i => (double)(i / size))], [.. scored.Select(i => rewards[i])]);
        if (row.Has("ref_log_probs"))
        {
            rows.Set(sequences, s => s.OldLogProbs, [.. scored.Select(i => row.Matrix("old_log_probs")[i])]);
            rows.Set(sequences, s => s.ReferenceLogProbs, [.. scored.Select(i => row.Matrix("ref_log_probs")[i])]);
        }
        var penalty = new KlPenalty { Weight = row.Number("beta"), Per = KlPenalty.Scope.Sum };
        foreach (var sequence in sequences)
            sequence.Charge(penalty, penalty.Weight);
        new RlooAdvantage { Normalised = row.Flag("normalize_advantages") }.Estimate(sequences);
        for (var at = 0; at < scored.Length; at++)
            mine[scored[at]] = sequences[at].Advantages[0];
        c.Same("advantages", row.OutputVector("advantages"), mine);
    }
}
