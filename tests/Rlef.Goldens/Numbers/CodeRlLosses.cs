using Rlef.Objectives;
using Rlef.Rewards;

namespace Rlef.Goldens.Numbers;

/// <summary>CodeRL's outcomes and losses. Its critic, which guesses the outcome of a program token by token, we do not have: its weights are taken from the row.</summary>
sealed class CodeRlLosses() : NumberFile("coderl.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["outcome_class"] = Outcomes,
        ["rl_loss"] = Reinforced,
        ["rl_loss_batch"] = Batch,
    };

    static void Outcomes(NumberRow row, Comparison c)
    {
        var outcome = row.Inputs.GetProperty("result_code").ToString() switch
        {
            "-2" => Outcome.SyntaxError,
            "-1" => Outcome.Error,
            "False" or "0" => Outcome.Failure,
            _ => Outcome.Pass,
        };
        c.Same("class", row.Output("class"), (int)outcome);
        c.Same("reward", row.Output("reward"), RltfReward.Coarse(outcome));
    }

    static void Reinforced(NumberRow row, Comparison c)
    {
        var paper = row.Outputs.GetProperty("paper");
        var weights = NumberRow.Vector(paper.GetProperty("token_weights"));
        var labels = row.Vector("label_ids").Take(weights.Length).ToArray();
        c.Same("loss", NumberRow.Number(paper.GetProperty("loss")),
            RltfLosses.Loss([.. row.Matrix("logits").Take(weights.Length)], labels, [.. weights.Select(_ => 1.0)], weights));
    }

    static void Batch(NumberRow row, Comparison c)
    {
        var labels = row.Matrix("labels");
        TrlTargets.Compare(row.Outputs, c, row.Cube("logits"), labels,
            RltfLosses.Step([.. labels.Select(r => r.Select(l => l < 0 ? 0.0 : 1).ToArray())], row.Matrix("rewards"), Aggregation.TokenMean));
    }
}
