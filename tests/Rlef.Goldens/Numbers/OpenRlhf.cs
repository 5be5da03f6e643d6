using Rlef.Advantages;
using Rlef.Experience;
using Rlef.Learning;
using Rlef.Objectives;

namespace Rlef.Goldens.Numbers;

/// <summary>OpenRLHF's losses, rewards, returns and estimators end to end.</summary>
sealed class OpenRlhf() : NumberFile("openrlhf.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["PolicyLoss:ppo"] = Ppo,
        ["PolicyLoss:ppo:dual_clip"] = Ppo,
        ["PolicyLoss:ppo:per-sample"] = Ppo,
        ["PolicyLoss:ppo:global-norm"] = Ppo,
        ["PolicyLoss:is-correction:token-clip-ratio"] = Ppo,
        ["ValueLoss"] = Values,
        ["ValueLoss:no-clip"] = Values,
        ["SFTLoss"] = Supervised,
        ["SFTLoss:per-sample"] = Supervised,
        ["approx_kl:k1"] = (row, c) => Kl(row, c, KlPenalty.Estimator.K1),
        ["approx_kl:k2"] = (row, c) => Kl(row, c, KlPenalty.Estimator.K2),
        ["approx_kl:k3"] = (row, c) => Kl(row, c, KlPenalty.Estimator.K3),
        ["compute_reward"] = Reward,
        ["get_advantages_and_returns"] = AdvantagesAndReturns,
        ["get_cumulative_returns"] = Returns,
        ["compute_advantages_and_returns:rloo"] = (row, c) => Grouped(row, c, new RlooAdvantage()),
        ["compute_advantages_and_returns:group_norm"] = (row, c) => Grouped(row, c, new GrpoAdvantage { Epsilon = 1e-9 }),
        ["compute_advantages_and_returns:dr_grpo"] = (row, c) => Grouped(row, c, new DrGrpoAdvantage()),
        ["compute_advantages_and_returns:group_norm-float32"] = (row, c) => Grouped(row, c, new GrpoAdvantage { Epsilon = 1e-9 }),
        ["compute_advantages_and_returns:reinforce"] = (row, c) => Whitened(row, c, new ReinforcePlusPlusAdvantage { SampleVariance = false }),
        ["compute_advantages_and_returns:reinforce_baseline"] = (row, c) => Whitened(row, c, new ReinforcePlusPlusAdvantage { SampleVariance = false, GroupBaseline = true }),
        ["compute_advantages_and_returns:gae"] = (row, c) => Whitened(row, c, new TokenAdvantage { Gamma = row.Number("gamma"), Lambda = row.Number("lambd") }),
        ["AdaptiveKLController"] = VerlKl.Adapt,
    };

    static void Ppo(NumberRow row, Comparison c)
    {
        var mask = row.Matrix("action_mask");
        double[]? bounds = row.Settings.TryGetProperty("is_correction_threshold", out var threshold) ? NumberRow.Vector(threshold) : null;
        if (bounds is [> 0, ..])
            throw new NotOfferedException($"{row.Function} with a lower bound");
        var aggregation = row.Settings.TryGetProperty("token_level_loss", out _) && !row.Flag("token_level_loss") ? Aggregation.SequenceMean : Aggregation.TokenMean;
        new PolicyStep
        {
            Mask = mask,
            LogProbs = row.Matrix("log_probs"),
            Old = row.Matrix("old_log_probs"),
            Behaviour = bounds is null ? null : row.Matrix("rollout_log_probs"),
            Advantages = row.Matrix("advantages"),
            Objective = new PpoObjective
            {
                ClipLow = row.Number("clip_eps_low"),
                ClipHigh = row.Number("clip_eps_high"),
                DualClip = row.NumberOrNull("dual_clip"),
                Corrected = bounds is null ? PpoObjective.Correction.None : PpoObjective.Correction.Outside,
                Cap = bounds?[1] ?? 1,
            },
            Aggregation = aggregation,
            Others = VerlLosses.OtherRows(row, new(mask), aggregation),
            Workers = row.NumberOrNull("dp_size") ?? 1,
        }.Compare(row, c, "grad_log_probs", cutsRatios: false);
    }

    static void Values(NumberRow row, Comparison c)
    {
        var (loss, gradient) = new TokenRows(row.Matrix("action_mask"))
            .ValueLoss(row.Matrix("values"), row.Matrix("old_values"), row.Matrix("returns"), row.NumberOrNull("clip_eps") ?? PolicyStep.Unbounded);
        c.Same("loss", row.Output("loss"), loss);
        c.Same("grad_values", row.OutputMatrix("grad_values"), gradient);
    }

    static void Supervised(NumberRow row, Comparison c)
    {
        var mask = row.Matrix("loss_mask");
        new PolicyStep
        {
            Mask = mask,
            LogProbs = row.Matrix("log_probs"),
            Advantages = mask,
            Objective = new SupervisedObjective(),
            Aggregation = row.Flag("token_level_loss") ? Aggregation.TokenMean : Aggregation.SequenceMean,
        }.Compare(row, c, "grad_log_probs");
    }

    static void Kl(NumberRow row, Comparison c, KlPenalty.Estimator by)
    {
        c.InSinglePrecision();
        VerlKl.Compare(c, by, row.Matrix("log_probs"), row.Matrix("log_probs_base"), row.OutputMatrix("kl"), row.OutputMatrix("grad_log_probs"));
    }

    // Sequences that are paid a score at the end, and whose tokens have these estimates of the KL.
    static TrainingSequence[] Charged(NumberRow row, TokenRows rows, string score, double[]? groups, double weight)
    {
        var sequences = rows.Sequences(groups, row.Vector(score));
        rows.Set(sequences, s => s.OldLogProbs, row.Matrix("kl"));
        foreach (var sequence in sequences)
            sequence.Charge(new() { Weight = weight, Per = KlPenalty.Scope.Token }, weight);
        return sequences;
    }

    static void Reward(NumberRow row, Comparison c)
    {
        var rows = new TokenRows(row.Matrix("action_mask"));
        var weight = row.Number("kl_coef");
        if (weight < 0)
        {
            var refused = Record(() => (TrainingConfig.Nano with { Kl = new() { Weight = weight } }).Check()) is ArgumentException;
            c.Instead(Kinds.NegativeWeight, "kl_coef", weight, double.NaN, refused ? double.NaN : weight);
            return;
        }
        c.Same("reward", rows.Pick(row.OutputMatrix("reward")), [.. Charged(row, rows, "r", null, weight).SelectMany(s => s.TokenTotals())]);
    }

    static Exception? Record(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (ArgumentException e)
        {
            return e;
        }
    }

    static bool HasHole(double[] mask) => Array.IndexOf(mask, 1.0) is >= 0 and var first && Array.IndexOf(mask, 0.0, first) is >= 0 and var hole && Array.IndexOf(mask, 1.0, hole) > 0;

    static void AdvantagesAndReturns(NumberRow row, Comparison c)
    {
        var mask = row.Matrix("action_mask");
        var rows = new TokenRows(mask);
        var advantage = new TokenAdvantage { Gamma = row.Number("gamma"), Lambda = row.Number("lambd") };
        var sequences = rows.Sequences(null, new double[rows.Rows], row.Matrix("rewards"));
        foreach (var sequence in sequences)
            sequence.ReadValuesAt(advantage.Sites);
        rows.Set(sequences, s => s.OldValues, row.Matrix("values"));
        advantage.Estimate(sequences);
        var (values, rewards) = (row.Matrix("values"), row.Matrix("rewards"));
        // Backwards over the tokens that count alone.
        double[] sane = [.. Enumerable.Range(0, rows.Rows).SelectMany(i =>
        {
            double[] v = rows.Pick(values, i), r = rows.Pick(rewards, i), a = new double[v.Length];
            for (var t = a.Length - 1; t >= 0; t--)
                a[t] = r[t] - v[t] + (t + 1 < a.Length ? advantage.Gamma * (v[t + 1] + advantage.Lambda * a[t + 1]) : 0);
            return a;
        })];
        double[] returns = [.. sequences.SelectMany(s => s.Returns)], raw = [.. sequences.SelectMany(s => s.Returns.Zip(s.OldValues, (g, v) => g - v))];
        double[] theirs = rows.Pick(row.OutputMatrix("advantages")), theirReturns = rows.Pick(row.OutputMatrix("returns"));
        if (mask.Any(HasHole))
        {
            c.Instead(Kinds.Steps, "advantages", theirs, sane, raw);
            c.Instead(Kinds.Steps, "returns", theirReturns, [.. sane.Zip(rows.Pick(values), (a, v) => a + v)], returns);
            return;
        }
        c.Same("advantages", theirs, raw);
        c.Same("returns", theirReturns, returns);
    }

    static void Returns(NumberRow row, Comparison c)
    {
        var mask = row.Matrix("action_mask");
        var (rows, gamma, rewards) = (new TokenRows(mask), row.Number("gamma"), row.Matrix("rewards"));
        double[] ours = [.. Enumerable.Range(0, rows.Rows).SelectMany(i => Gae.Returns(rows.Pick(rewards, i), gamma))];
        var theirs = rows.Pick(row.OutputMatrix("returns"));
        double[] sane = [.. Enumerable.Range(0, rows.Rows).SelectMany(i =>
        {
            var r = rows.Pick(rewards, i);
            return r.Select((_, t) => r.Skip(t).Select((x, k) => x * Math.Pow(gamma, k)).Sum());
        })];
        if (mask.Any(HasHole))
            c.Instead(Kinds.Steps, "returns", theirs, sane, ours);
        else
            c.Same("returns", theirs, ours);
    }

    static double[] GroupsOf(NumberRow row) => [.. row.Vector("rewards").Select((_, i) => (double)(i / (int)row.Number("n_samples_per_prompt")))];

    static void Grouped(NumberRow row, Comparison c, IAdvantage advantage)
    {
        var rows = new TokenRows(row.Matrix("action_mask"));
        var groups = GroupsOf(row);
        var weight = row.NumberOrNull("kl_coef") ?? 0;
        var sequences = Charged(row, rows, "rewards", groups, weight);
        advantage.Estimate(sequences);
        double[] theirs = rows.Pick(row.OutputMatrix("advantages")), ours = [.. sequences.SelectMany(s => s.Advantages)];
        if (row.Outputs.TryGetProperty("formula", out var formula))
            c.Instead(Kinds.Equal, "advantages", theirs, rows.Pick(NumberRow.Matrix(formula)), ours);
        else if (weight == 0)
            c.Same("advantages", theirs, ours);
        else
            c.Instead(Kinds.Compared, "advantages", theirs, rows.Pick(rows.Repeat(PenaltyFirst())), ours);

        // What a dialogue is paid less its whole penalty, compared with that of the others.
        double[] PenaltyFirst()
        {
            double[] pay = [.. row.Vector("rewards").Select((r, i) => r - weight * rows.Pick(row.Matrix("kl"), i).Sum())];
            return [.. pay.Select((p, i) =>
            {
                double[] all = [.. pay.Where((_, j) => groups[j] == groups[i])], others = [.. pay.Where((_, j) => groups[j] == groups[i] && j != i)];
                return advantage switch
                {
                    RlooAdvantage => p - others.Average(),
                    GrpoAdvantage grpo => (p - all.Average()) / (Math.Sqrt(all.Sum(x => (x - all.Average()) * (x - all.Average())) / (all.Length - 1)) + grpo.Epsilon),
                    _ => p - all.Average(),
                };
            })];
        }
    }

    static void Whitened(NumberRow row, Comparison c, IAdvantage advantage)
    {
        if (row.Flag("no_std_norm"))
            throw new NotOfferedException($"{row.Function} without division by the deviation");
        c.InSinglePrecision();
        var rows = new TokenRows(row.Matrix("action_mask"));
        var sequences = Charged(row, rows, "rewards", GroupsOf(row), row.Number("kl_coef"));
        foreach (var sequence in sequences)
            sequence.ReadValuesAt(advantage.Sites);
        if (row.Has("values"))
            rows.Set(sequences, s => s.OldValues, row.Matrix("values"));
        advantage.Estimate(sequences);
        c.Same("advantages", rows.Pick(row.OutputMatrix("advantages")), [.. sequences.SelectMany(s => s.Advantages)]);
        if (row.Has("values"))
            c.Same("returns", rows.Pick(row.OutputMatrix("returns")), [.. sequences.SelectMany(s => s.Returns)]);
    }
}
