using Rlef.Objectives;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>verl's estimates of the KL, what they take from rewards, and how their weight adapts.</summary>
sealed class VerlKl() : NumberFile("verl-kl.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["kl_penalty:kl"] = (row, c) => Estimate(row, c, KlPenalty.Estimator.K1),
        ["kl_penalty:k1"] = (row, c) => Estimate(row, c, KlPenalty.Estimator.K1),
        ["kl_penalty:mse"] = (row, c) => Estimate(row, c, KlPenalty.Estimator.K2),
        ["kl_penalty:k2"] = (row, c) => Estimate(row, c, KlPenalty.Estimator.K2),
        ["kl_penalty:low_var_kl"] = (row, c) => Estimate(row, c, KlPenalty.Estimator.K3),
        ["kl_penalty:k3"] = (row, c) => Estimate(row, c, KlPenalty.Estimator.K3),
        ["apply_kl_penalty:kl"] = (row, c) => Charge(row, c, KlPenalty.Estimator.K1),
        ["apply_kl_penalty:mse"] = (row, c) => Charge(row, c, KlPenalty.Estimator.K2),
        ["apply_kl_penalty:low_var_kl"] = (row, c) => Charge(row, c, KlPenalty.Estimator.K3),
        ["compute_rewards"] = (row, c) => Charge(row, c, KlPenalty.Estimator.K1),
        ["AdaptiveKLController"] = Adapt,
        ["FixedKLController"] = Adapt,
    };

    static void Estimate(NumberRow row, Comparison c, KlPenalty.Estimator by)
    {
        var (logProbs, reference) = (row.Matrix("log_prob"), row.Matrix("ref_log_prob"));
        Compare(c, by, logProbs, reference, row.OutputMatrix("kl"), row.OutputMatrix("grad_log_prob"));
    }

    /// <summary>Values and gradients of an estimate, where the other cuts values, or log-ratios, at 10.</summary>
    public static void Compare(Comparison c, KlPenalty.Estimator by, double[][] logProbs, double[][] reference, double[][] theirs, double[][] theirSlopes)
    {
        using var scope = NewDisposeScope();
        var rows = new TokenRows([.. logProbs.Select(r => r.Select(_ => 1.0).ToArray())]);
        var leaf = rows.Leaf(logProbs);
        var kl = KlPenalty.Losses(leaf, rows.Constant(reference), by);
        var values = kl.data<double>().ToArray();
        var (_, gradient) = rows.Backward(kl.sum(), leaf);
        double[] slopes = [.. gradient.SelectMany(r => r)], d = [.. rows.Pick(logProbs).Zip(rows.Pick(reference), (p, q) => p - q)];
        double[] sane = [.. d.Select(x => by switch
        {
            KlPenalty.Estimator.K1 => x,
            KlPenalty.Estimator.K2 => x * x / 2,
            _ => Math.Exp(-Math.Max(x, -20)) - 1 + Math.Max(x, -20),
        })];
        double[] saneSlopes = [.. d.Select(x => by switch { KlPenalty.Estimator.K1 => 1, KlPenalty.Estimator.K2 => x, _ => x < -20 ? 0 : 1 - Math.Exp(-x) })];
        if (d.All(x => Math.Abs(x) < 10) && theirs.All(r => Array.TrueForAll(r, v => Math.Abs(v) < 10)))
        {
            c.Same("kl", theirs.SelectMany(r => r).ToArray(), values);
            c.Same("gradient", theirSlopes.SelectMany(r => r).ToArray(), slopes);
            return;
        }
        c.Instead(Kinds.LargeKl, "kl", [.. theirs.SelectMany(r => r)], sane, values);
        c.Instead(Kinds.LargeKl, "gradient", [.. theirSlopes.SelectMany(r => r)], saneSlopes, slopes);
    }

    // Paid in verl where the score lies, here by token too.
    static void Charge(NumberRow row, Comparison c, KlPenalty.Estimator by)
    {
        var scores = row.Matrix("token_level_scores");
        var old = row.Matrix(row.Has("old_log_probs") ? "old_log_probs" : "old_log_prob");
        var mask = row.Has("response_mask") ? row.Matrix("response_mask") : [.. scores.Select(r => r.Select(_ => 1.0).ToArray())];
        var rows = new TokenRows(mask);
        var adaptive = row.Has("response_mask") && row.Text("controller") == "AdaptiveKLController";
        var penalty = new KlPenalty
        {
            Weight = row.NumberOrNull("kl_coef") ?? row.Number("kl_ratio"),
            Per = KlPenalty.Scope.Token,
            By = by,
            Target = adaptive ? row.Number("target_kl") : null,
            Horizon = row.NumberOrNull("horizon") ?? 1,
        };
        var sequences = rows.Sequences(null, new double[rows.Rows], scores);
        rows.Set(sequences, s => s.OldLogProbs, old);
        rows.Set(sequences, s => s.ReferenceLogProbs, row.Matrix("ref_log_prob"));
        foreach (var sequence in sequences)
            sequence.Charge(penalty, penalty.Weight);
        c.Same("token_level_rewards", rows.Pick(row.OutputMatrix("token_level_rewards")), [.. sequences.SelectMany(s => s.TokenPay)]);
        if (!row.Has("response_mask"))
            return;
        var spoken = sequences.Where(s => s.Spans.Length > 0).ToList();
        var mean = spoken.Average(s => KlPenalty.Over(s, 0, by));
        var theirs = row.Output("mean_kl");
        if (spoken.Count < rows.Rows)
            c.Instead(Kinds.EmptyRow, "mean_kl", theirs, theirs * rows.Rows / spoken.Count, mean);
        else
            c.Same("mean_kl", theirs, mean);
        c.Same("kl_coef_after", row.Output("kl_coef_after"), penalty.Adapt(penalty.Weight, mean, rows.Rows));
    }

    /// <summary>A controller over several updates.</summary>
    public static void Adapt(NumberRow row, Comparison c)
    {
        var penalty = new KlPenalty { Weight = row.Number("init_kl_coef"), Target = row.NumberOrNull("target_kl"), Horizon = row.NumberOrNull("horizon") ?? 1 };
        var weight = penalty.Weight;
        c.Same("kl_coef_after", row.OutputVector("kl_coef_after"),
            [.. row.Vector("current_kl").Zip(row.Vector("n_steps"), (kl, steps) => weight = penalty.Adapt(weight, kl, (int)steps))]);
    }
}
