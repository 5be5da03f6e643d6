using Rlef.Objectives;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>verl's losses and how it aggregates them.</summary>
sealed class VerlLosses() : NumberFile("verl-losses.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["agg_loss:token-mean"] = Aggregate,
        ["agg_loss:token-sum"] = Aggregate,
        ["agg_loss:seq-mean-token-sum"] = Aggregate,
        ["agg_loss:seq-mean-token-mean"] = Aggregate,
        ["agg_loss:seq-mean-token-sum-norm"] = Aggregate,
        ["vanilla"] = Ppo,
        ["vanilla-clip-higher"] = Ppo,
        ["vanilla:token-sum"] = Ppo,
        ["vanilla:seq-mean-token-sum"] = Ppo,
        ["vanilla:seq-mean-token-mean"] = Ppo,
        ["vanilla:seq-mean-token-sum-norm"] = Ppo,
        ["compute_policy_loss"] = Ppo,
        ["bypass_mode:ppo_clip"] = (row, c) => { WithoutRejection(row); Ppo(row, c); },
        ["gpg"] = (row, c) => Reinforce(row, c, row.Matrix("old_log_prob")),
        ["reinforce"] = (row, c) => Reinforce(row, c, row.Matrix("rollout_log_prob")),
        ["bypass_mode:reinforce"] = Bypass,
        ["value_loss:token-mean"] = Values,
        ["entropy"] = Entropy,
    };

    // The weight of a token is what the loss changes by where all losses are 1: the objective is linear in log π.
    static void Aggregate(NumberRow row, Comparison c)
    {
        var (mask, rows) = (row.Matrix("loss_mask"), new TokenRows(row.Matrix("loss_mask")));
        new PolicyStep
        {
            Mask = mask,
            LogProbs = row.Matrix("loss_mat"),
            Advantages = rows.Repeat([.. Enumerable.Repeat(-1.0, rows.Rows)]),
            Objective = new ReinforceObjective(),
            Aggregation = AggregationOf(row),
            Longest = (int?)row.NumberOrNull("loss_scale_factor"),
            Others = OtherRows(row, rows, AggregationOf(row)),
            Workers = row.NumberOrNull("dp_size") ?? 1,
        }.Compare(row, c, "grad_loss_mat");
    }

    /// <summary>What the global batch has beside these rows: the tokens that are missing, or as many sequences, of a token each.</summary>
    public static int[] OtherRows(NumberRow row, TokenRows rows, Aggregation aggregation) => row.NumberOrNull("batch_num_tokens") is not { } tokens ? []
        : aggregation == Aggregation.TokenMean ? [(int)tokens - rows.Counts.Sum()]
        : [.. Enumerable.Repeat(1, (int)row.Number("global_batch_size") - rows.Rows)];

    static Aggregation AggregationOf(NumberRow row) => row.Text("loss_agg_mode") switch
    {
        "token-mean" => Aggregation.TokenMean,
        "token-sum" => Aggregation.Sum,
        "seq-mean-token-sum" => Aggregation.SequenceSum,
        "seq-mean-token-mean" => Aggregation.SequenceMean,
        "seq-mean-token-sum-norm" => Aggregation.SequenceSumOverLength,
        var other => throw new NotOfferedException($"aggregation {other}"),
    };

    static void Ppo(NumberRow row, Comparison c) => new PolicyStep
    {
        Mask = row.Matrix("response_mask"),
        LogProbs = row.Matrix("log_prob"),
        Old = row.Matrix("old_log_prob"),
        Advantages = row.Matrix("advantages"),
        Importance = Importance(row),
        Aggregation = AggregationOf(row),
        Objective = new PpoObjective
        {
            ClipLow = row.Number("clip_ratio_low"),
            ClipHigh = row.Number("clip_ratio_high"),
            DualClip = row.Number("clip_ratio_c"),
            Corrected = Importance(row) is null ? PpoObjective.Correction.None : PpoObjective.Correction.Outside,
            Cap = PolicyStep.Unbounded,
        },
    }.Compare(row, c, "grad_log_prob");

    static double[][]? Importance(NumberRow row) => row.Has("rollout_is_weights") ? row.Matrix("rollout_is_weights") : null;

    static void Reinforce(NumberRow row, Comparison c, double[][] old) => new PolicyStep
    {
        Mask = row.Matrix("response_mask"),
        LogProbs = row.Matrix("log_prob"),
        Old = old,
        Advantages = row.Matrix("advantages"),
        Importance = Importance(row),
        Aggregation = AggregationOf(row),
        Objective = new ReinforceObjective { Cap = Importance(row) is null ? null : PolicyStep.Unbounded },
    }.Compare(row, c, "grad_log_prob");

    static void WithoutRejection(NumberRow row)
    {
        if (row.Text("rollout_rs") is { Length: > 0 } rejection)
            throw new NotOfferedException($"{row.Function} with rejection by {rejection}");
    }

    // Weights of the policy as it is over the one that sampled: a first step, where it is that of the start of the update.
    static void Bypass(NumberRow row, Comparison c)
    {
        WithoutRejection(row);
        if (row.Text("rollout_is") != "token")
            throw new NotOfferedException($"{row.Function} with weights of a {row.Text("rollout_is")}");
        new PolicyStep
        {
            Mask = row.Matrix("response_mask"),
            LogProbs = row.Matrix("log_prob"),
            Behaviour = row.Matrix("old_log_prob"),
            Advantages = row.Matrix("advantages"),
            Aggregation = AggregationOf(row),
            Objective = new ReinforceObjective { Cap = row.Number("rollout_is_threshold") },
        }.Compare(row, c, "grad_log_prob");
    }

    static void Values(NumberRow row, Comparison c)
    {
        var (loss, gradient) = new TokenRows(row.Matrix("response_mask"))
            .ValueLoss(row.Matrix("vpreds"), row.Matrix("values"), row.Matrix("returns"), row.Number("cliprange_value"));
        c.Same("loss", row.Output("loss"), loss);
        c.Same("grad_vpreds", row.OutputMatrix("grad_vpreds"), gradient);
    }

    static void Entropy(NumberRow row, Comparison c)
    {
        using var scope = NewDisposeScope();
        var logits = new LogitRows(row.Cube("logits"), row.Matrix("labels"));
        var distribution = new TokenDistribution(logits.Leaf);
        c.Same("token_log_probs", [.. row.OutputMatrix("token_log_probs").SelectMany(r => r)], distribution.Of(logits.Targets).data<double>().ToArray());
        var entropies = distribution.Entropy();
        c.Same("token_entropy", [.. row.OutputMatrix("token_entropy").SelectMany(r => r)], entropies.data<double>().ToArray());
        var rows = new TokenRows(row.Matrix("response_mask"));
        var valid = logits.Pick(row.Matrix("response_mask"));
        var loss = (entropies.index_select(0, valid) * rows.Weights(AggregationOf(row).Weights(rows.Counts, rows.Columns))).sum();
        loss.backward();
        c.Same("entropy_loss", row.Output("entropy_loss"), loss.item<double>());
        logits.Compare(c, "grad_logits", NumberRow.Cube(row.Outputs.GetProperty("grad_logits")));
    }
}
