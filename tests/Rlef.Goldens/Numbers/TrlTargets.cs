using System.Text.Json;
using Rlef.Objectives;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>TRL's losses down to the logits: supervised, and self-distillation with the policy's part of it.</summary>
sealed class TrlTargets() : NumberFile("trl-distillation-sft.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["sft:nll"] = Supervised,
        ["sdpo:full_logits:alpha=0.0"] = TrlDistillation.Compare,
        ["sdpo:full_logits:alpha=0.5"] = TrlDistillation.Compare,
        ["sdpo:full_logits:alpha=1.0"] = TrlDistillation.Compare,
        ["sdpo:topk_logits:alpha=0.0"] = TrlDistillation.Compare,
        ["sdpo:topk_logits:alpha=0.5"] = TrlDistillation.Compare,
        ["sdpo:topk_logits:alpha=1.0"] = TrlDistillation.Compare,
        ["sdpo:sampled_token"] = TrlDistillation.Compare,
        ["sdpo:policy:grpo"] = (row, c) => Policy(row, c, Aggregation.SequenceMean),
        ["sdpo:policy:bnpo"] = (row, c) => Policy(row, c, Aggregation.TokenMean),
        ["sdpo:policy:dapo"] = (row, c) => Policy(row, c, Aggregation.TokenMean),
        ["sdpo:policy:dr_grpo"] = (row, c) => Policy(row, c, Aggregation.SequenceSumOverLength),
    };

    static void Supervised(NumberRow row, Comparison c)
    {
        var labels = row.Matrix("labels");
        // The logits of a place predict the next label.
        double[][] targets = [.. labels.Select(r => r.Skip(1).Append(-100).ToArray())], mask = [.. targets.Select(r => r.Select(t => t < 0 ? 0.0 : 1).ToArray())];
        var rows = new TokenRows(mask);
        int[] others = row.Settings.GetProperty("num_items_in_batch").ValueKind == JsonValueKind.Null ? [] : [(int)row.Number("num_items_in_batch") - rows.Counts.Sum()];
        Compare(row.Outputs, c, row.Cube("logits"), targets, new()
        {
            Mask = mask,
            LogProbs = mask,
            Advantages = mask,
            Objective = new SupervisedObjective(),
            Others = others,
        });
    }

    static void Policy(NumberRow row, Comparison c, Aggregation aggregation)
    {
        var mask = row.Matrix("completion_mask");
        Compare(row.Outputs, c, row.Cube("logits"), row.Matrix("completion_ids"), new()
        {
            Mask = mask,
            LogProbs = mask,
            Old = row.Matrix("old_log_probs"),
            Advantages = new TokenRows(mask).Repeat(row.Vector("advantages")),
            Objective = new PpoObjective { ClipLow = row.Number("epsilon_low"), ClipHigh = row.Number("epsilon_high"), Corrected = PpoObjective.Correction.None },
            Aggregation = aggregation,
            Longest = (int)row.Number("max_completion_length"),
        });
    }

    /// <summary>Sets a loss and its gradient with respect to the logits [B, T, V] beside theirs.</summary>
    /// <param name="theirs">With <c>loss</c>, and <c>grad_logits</c> where they have it.</param>
    public static void Compare(JsonElement theirs, Comparison c, double[][][] logits, double[][] targets, PolicyStep step)
    {
        using var scope = NewDisposeScope();
        var all = new LogitRows(logits, targets);
        var loss = step.Loss(new TokenDistribution(all.Leaf).Of(all.Targets).index_select(0, all.Pick(step.Mask)));
        var none = step.Mask.All(r => Array.TrueForAll(r, m => m == 0));
        if (!none)
            loss.backward();
        var value = NumberRow.Number(theirs.GetProperty("loss"));
        if (none)
            c.Instead(Kinds.NoToken, "loss", value, 0, loss.item<double>());
        else
            c.Same("loss", value, loss.item<double>());
        if (theirs.TryGetProperty("grad_logits", out var gradient))
            all.Compare(c, "grad_logits", NumberRow.Cube(gradient));
    }
}
