using Rlef.Advantages;
using Rlef.Critics;

namespace Rlef.Goldens.Numbers;

/// <summary>verl's estimators of the advantage.</summary>
sealed class VerlAdvantages() : NumberFile("verl-advantages.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["grpo"] = (row, c) => Grouped(row, c, new GrpoAdvantage { Epsilon = row.Number("epsilon") }),
        ["grpo_vectorized"] = (row, c) => Grouped(row, c, new GrpoAdvantage { Epsilon = row.Number("epsilon") }, single: true),
        ["grpo-float32"] = (row, c) => Grouped(row, c, new GrpoAdvantage { Epsilon = row.Number("epsilon") }),
        ["grpo_vectorized-float32"] = (row, c) => Grouped(row, c, new GrpoAdvantage { Epsilon = row.Number("epsilon") }),
        ["grpo-no-std (Dr. GRPO)"] = (row, c) => Grouped(row, c, new DrGrpoAdvantage()),
        ["rloo"] = (row, c) => Grouped(row, c, new RlooAdvantage()),
        ["rloo_vectorized"] = (row, c) => Grouped(row, c, new RlooAdvantage()),
        ["reinforce_plus_plus_baseline"] = (row, c) => Grouped(row, c, new ReinforcePlusPlusAdvantage { GroupBaseline = true }),
        ["reinforce_plus_plus"] = (row, c) => ByToken(row, c, new ReinforcePlusPlusAdvantage { Gamma = row.Number("gamma") }),
        ["gae"] = (row, c) => ByToken(row, c, new TokenAdvantage { Gamma = row.Number("gamma"), Lambda = row.Number("lam"), SampleVariance = true }),
    };

    // There a row's rewards are summed over all its positions.
    static void Grouped(NumberRow row, Comparison c, IAdvantage advantage, bool single = false)
    {
        if (single)
            c.InSinglePrecision();
        var rows = new TokenRows(row.Matrix("response_mask"));
        var groups = row.Vector("group");
        var rewards = row.Matrix("token_level_rewards").Select(r => r.Sum()).ToArray();
        var sequences = rows.Sequences(groups, rewards);
        advantage.Estimate(sequences);
        double[] theirs = [.. row.OutputMatrix("advantages").SelectMany(r => r)], ours = [.. rows.Advantages(sequences).SelectMany(r => r)];
        if (row.Outputs.TryGetProperty("formula", out var formula))
            c.Instead(Kinds.Equal, "advantages", theirs, [.. NumberRow.Matrix(formula).SelectMany(r => r)], ours);
        else if (Silent(g => g.Length == 1) is { } alone)
            c.Instead(Kinds.Alone, "advantages", theirs, alone, ours);
        else if (Silent(g => g.Distinct().Count() == 1) is { } equal)
            c.Instead(Kinds.Equal, "advantages", theirs, equal, ours);
        else
            c.Same("advantages", theirs, ours);

        // Theirs with zeros for the rows of such groups; null where there are none. Where a batch is whitened that is told before.
        double[]? Silent(Func<double[], bool> such)
        {
            var which = Enumerable.Range(0, groups.Length).GroupBy(i => groups[i]).Where(g => such([.. g.Select(i => rewards[i])])).SelectMany(g => g).ToHashSet();
            if (which.Count == 0)
                return null;
            return advantage is ReinforcePlusPlusAdvantage
                ? Whitened([.. rewards.Select((r, i) => which.Contains(i) ? 0 : r - Enumerable.Range(0, groups.Length).Where(j => groups[j] == groups[i]).Average(j => rewards[j]))])
                : [.. row.OutputMatrix("advantages").SelectMany((r, i) => which.Contains(i) ? new double[r.Length] : r)];
        }

        double[] Whitened(double[] of)
        {
            var tokens = rows.Pick(rows.Repeat(of));
            var mean = tokens.Average();
            var deviation = Math.Sqrt(tokens.Sum(t => (t - mean) * (t - mean)) / (tokens.Length - 1) + 1e-8);
            return [.. rows.Spread(tokens.Select(t => (t - mean) / deviation)).SelectMany(r => r)];
        }
    }

    static void ByToken(NumberRow row, Comparison c, IAdvantage advantage)
    {
        var rows = new TokenRows(row.Matrix("response_mask"));
        var sequences = rows.Sequences(null, new double[rows.Rows], row.Matrix("token_level_rewards"));
        foreach (var sequence in sequences)
            sequence.ReadValuesAt(advantage.Sites);
        if (advantage.Sites == ValueSites.Token)
            rows.Set(sequences, s => s.OldValues, row.Matrix("values"));
        advantage.Estimate(sequences);
        double[] ours = [.. sequences.SelectMany(s => s.Advantages)];
        if (row.Raises)
        {
            c.Instead(Kinds.NoToken, "advantages", [.. ours.Select(_ => double.NaN), double.NaN], [.. ours.Select(_ => 0.0), 0], [.. ours, 0]);
            return;
        }
        c.Same("advantages", rows.Pick(row.OutputMatrix("advantages")), ours);
        if (advantage.Sites == ValueSites.Token)
            c.Same("returns", rows.Pick(row.OutputMatrix("returns")), [.. sequences.SelectMany(s => s.Returns)]);
    }
}
