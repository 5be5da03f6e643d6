using Rlef.Objectives;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>verl's weights for tokens of a policy that was not quite the one in training.</summary>
sealed class VerlCorrections() : NumberFile("verl-rollout-correction.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["is_weights:token:tis"] = Weights,
    };

    static void Weights(NumberRow row, Comparison c)
    {
        if (row.Flag("rollout_is_batch_normalize"))
            throw new NotOfferedException("is_weights:token:tis divided by their mean");
        var rows = new TokenRows(row.Matrix("response_mask"));
        var ratios = row.Matrix("log_ratio");
        c.Same("weights", row.OutputMatrix("weights"), Importance(rows, ratios, rows.Spread([]), row.Number("rollout_is_threshold")));
    }

    /// <summary>The weights [B, T] of the truncated correction: what it makes of losses that are 1.</summary>
    public static double[][] Importance(TokenRows rows, double[][] old, double[][] behaviour, double cap)
    {
        using var scope = NewDisposeScope();
        var one = ones(rows.Counts.Sum(), ScalarType.Float64);
        var tokens = new TokenBatch(one, rows.Constant(old), rows.Constant(behaviour), one, -one);
        return rows.Spread(new ReinforceObjective { Cap = cap }.Losses(tokens).data<double>().ToArray());
    }
}
