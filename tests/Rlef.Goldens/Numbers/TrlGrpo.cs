using Rlef.Advantages;
using Rlef.Objectives;

namespace Rlef.Goldens.Numbers;

/// <summary>TRL's losses and advantages of GRPO and its relatives.</summary>
sealed class TrlGrpo() : NumberFile("trl-grpo.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["loss:grpo"] = Loss,
        ["loss:bnpo"] = Loss,
        ["loss:dr_grpo"] = Loss,
        ["loss:dapo"] = Loss,
        ["loss:luspo"] = Loss,
        ["loss:grpo:clip-higher"] = Loss,
        ["loss:dapo:clip-higher"] = Loss,
        ["loss:grpo:delta"] = Loss,
        ["loss:grpo:kl"] = Loss,
        ["loss:dapo:kl"] = Loss,
        ["loss:bnpo:kl"] = Loss,
        ["loss:grpo:vllm-is"] = Loss,
        ["loss:dapo:vllm-is"] = Loss,
        ["loss:grpo:grad-accum"] = Loss,
        ["loss:grpo:entropy-bonus"] = EntropyBonus,
        ["vllm_is:token_truncate"] = Truncate,
        ["advantages:sum_then_normalize:group"] = (row, c) => Advantages(row, c, new GrpoAdvantage { Epsilon = row.Number("epsilon") }),
        ["advantages:sum_then_normalize:batch"] = (row, c) => Advantages(row, c, new GrpoAdvantage { Epsilon = row.Number("epsilon"), Over = GrpoAdvantage.Scale.Batch }),
        ["advantages:sum_then_normalize:none"] = (row, c) => Advantages(row, c, new DrGrpoAdvantage()),
    };

    static void Loss(NumberRow row, Comparison c) => Step(row).Compare(row, c, "grad_log_probs", cutsRatios: false, countsEmpty: CountsEmpty(row));

    static bool CountsEmpty(NumberRow row) => row.Text("loss_type") is "grpo" or "dr_grpo" or "luspo";

    static PolicyStep Step(NumberRow row)
    {
        var mask = row.Matrix("completion_mask");
        if (row.Has("tool_mask"))
            mask = [.. mask.Zip(row.Matrix("tool_mask"), (r, tools) => r.Zip(tools, (m, t) => m * t).ToArray())];
        var rows = new TokenRows(mask);
        var weights = row.Has("importance_sampling_ratio") ? row.Matrix("importance_sampling_ratio") : null;
        return new()
        {
            Mask = mask,
            LogProbs = row.Matrix("log_probs"),
            Old = row.Has("old_log_probs") ? row.Matrix("old_log_probs") : null,
            Advantages = rows.Repeat(row.Vector("advantages")),
            Importance = weights,
            Reference = row.Has("ref_log_probs") ? row.Matrix("ref_log_probs") : null,
            KlWeight = row.Number("beta"),
            Objective = new PpoObjective
            {
                ClipLow = row.Number("epsilon_low"),
                ClipHigh = row.Number("epsilon_high"),
                DualClip = row.NumberOrNull("delta"),
                Corrected = weights is null ? PpoObjective.Correction.None : PpoObjective.Correction.Outside,
                Cap = PolicyStep.Unbounded,
            },
            Aggregation = row.Text("loss_type") switch
            {
                "grpo" => Aggregation.SequenceMean,
                "dr_grpo" => Aggregation.SequenceSumOverLength,
                "luspo" => Aggregation.SequenceSum,
                _ => Aggregation.TokenMean,
            },
            Longest = (int?)row.NumberOrNull("max_completion_length"),
            Others = OtherRows(row, rows),
        };
    }

    // What the batch holds beside these rows: the tokens that are missing, or the rows of the other steps of an accumulated gradient.
    static int[] OtherRows(NumberRow row, TokenRows rows) =>
        row.Has("num_items_in_batch") ? [(int)NumberRow.Number(row.Inputs.GetProperty("num_items_in_batch")) - rows.Counts.Sum()]
        : row.NumberOrNull("gradient_accumulation_steps") is { } steps ? [.. Enumerable.Repeat(rows.Counts, (int)steps - 1).SelectMany(n => n)] : [];

    // There the entropy is averaged over tokens, whatever the loss is averaged over.
    static void EntropyBonus(NumberRow row, Comparison c)
    {
        var step = Step(row);
        var (entropies, weight, rows) = (row.Matrix("entropies"), row.Number("entropy_coef"), new TokenRows(step.Mask));
        var (loss, gradient) = (step with { Entropies = entropies, EntropyWeight = weight }).Run();
        var policy = NumberRow.Number(row.Outputs.GetProperty("metrics").GetProperty("policy_loss"));
        var mean = Enumerable.Range(0, rows.Rows).Where(i => rows.Counts[i] > 0).Average(i => rows.Pick(entropies, i).Average());
        c.Instead(Kinds.Entropy, "loss", row.Output("loss"), policy - weight * mean, loss);
        c.Same("grad_log_probs", row.OutputMatrix("grad_log_probs"), gradient);
    }

    static void Truncate(NumberRow row, Comparison c)
    {
        if (row.NumberOrNull("clip_min") is not null)
            throw new NotOfferedException("vllm_is:token_truncate with a lower bound");
        var rows = new TokenRows(row.Matrix("completion_mask"));
        var sampling = row.Matrix("sampling_log_probs");
        double[] ours = rows.Pick(VerlCorrections.Importance(rows, row.Matrix("old_log_probs"), sampling, row.Number("clip_max")));
        var theirs = rows.Pick(row.OutputMatrix("importance_sampling_ratio"));
        c.Instead(Kinds.NotANumber, "importance_sampling_ratio", theirs, [.. theirs.Zip(rows.Pick(sampling), (w, s) => double.IsNaN(s) ? double.NaN : w)], ours);
    }

    // An answer that could not be scored is no part of a batch, and teaches nothing.
    static void Advantages(NumberRow row, Comparison c, IAdvantage advantage)
    {
        var weights = NumberRow.Vector(row.Settings.GetProperty("reward_weights"));
        var size = (int)row.Number("num_generations");
        double[] rewards = [.. row.Matrix("rewards_per_func").Select(r => Array.TrueForAll(r, double.IsNaN) ? double.NaN
            : r.Zip(weights, (x, w) => double.IsNaN(x) ? 0 : x * w).Sum())];
        c.Same("advantages", row.OutputVector("advantages"), Scored(rewards, size, advantage));
    }

    /// <summary>[B] the advantages of one-token answers, grouped as they follow each other.</summary>
    public static double[] Scored(double[] rewards, int size, IAdvantage advantage)
    {
        int[] scored = [.. Enumerable.Range(0, rewards.Length).Where(i => !double.IsNaN(rewards[i]))];
        var rows = new TokenRows([.. scored.Select(_ => (double[])[1])]);
        var sequences = rows.Sequences([.. scored.Select(i => (double)(i / size))], [.. scored.Select(i => rewards[i])]);
        advantage.Estimate(sequences);
        return [.. rewards.Select((_, i) => Array.IndexOf(scored, i) is >= 0 and var at ? sequences[at].Advantages[0] : 0)];
    }
}
