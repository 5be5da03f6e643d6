using Rlef.Advantages;
using Rlef.Experience;
using Rlef.Objectives;
using Rlef.Policy;
using Rlef.Rewards;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>RLTF's losses. We follow the paper where the released code parts from it.</summary>
sealed class RltfLosses() : NumberFile("rltf.json")
{
    protected override IReadOnlyCollection<string> Elsewhere => ["reward", "harness", "error_category"];

    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["rl_loss"] = Reinforced,
        ["supervised_loss"] = Supervised,
        ["rl_loss_causal"] = Causal,
    };

    static void Reinforced(NumberRow row, Comparison c)
    {
        var paper = row.Outputs.GetProperty("paper");
        var (coarse, adaptive) = Paid("outcome", "pass_ratio");
        var baseline = Paid("baseline_outcome", "baseline_pass_ratio");
        c.Same("rewards", [Of("r_coarse"), Of("r_adaptive"), Of("r_coarse_baseline"), Of("r_adaptive_baseline")], [coarse, adaptive, baseline.Coarse, baseline.Adaptive]);
        var labels = row.Vector("labels");
        double[] mask = [.. labels.Select(l => l < 0 ? 0.0 : 1)];
        double[] fine = [.. NumberRow.Vector(paper.GetProperty("fine_token_mask")).Select(m => m * new RltfTerms().FinePenalty * Of("alpha"))];
        fine = [.. fine, .. new double[mask.Length - fine.Length]];
        Compare("loss_coarse", coarse, baseline.Coarse, new double[mask.Length]);
        Compare("loss_adaptive", adaptive, baseline.Adaptive, new double[mask.Length]);
        Compare("loss_fine", 0, 0, fine);
        Compare("loss_rl", coarse + adaptive, baseline.Coarse + baseline.Adaptive, fine);

        (double Coarse, double Adaptive) Paid(string outcome, string share)
        {
            var reached = Rltf.OutcomeOf(row.Row, outcome);
            return (RltfReward.Coarse(reached), RltfReward.Adaptive(reached, NumberRow.Number(row.Inputs.GetProperty(share))));
        }

        double Of(string name) => NumberRow.Number(paper.GetProperty(name));
        void Compare(string loss, double reward, double best, double[] tokens)
        {
            var rows = new TokenRows([mask]);
            var sequences = rows.Sequences(null, [reward], [tokens]);
            sequences[0].BestBefore = best;
            new BestSoFarAdvantage().Estimate(sequences);
            c.Same(loss, Of(loss), Loss(row.Matrix("logits"), labels, mask, rows.Advantages(sequences)[0]));
        }
    }

    /// <summary>The sum over tokens of −A log π.</summary>
    public static double Loss(double[][] logits, double[] labels, double[] mask, double[] advantages)
    {
        using var scope = NewDisposeScope();
        var step = Step([mask], [advantages], Aggregation.Sum);
        var all = new LogitRows([logits], [labels]);
        return step.Loss(new TokenDistribution(all.Leaf).Of(all.Targets).index_select(0, all.Pick([mask]))).item<double>();
    }

    public static PolicyStep Step(double[][] mask, double[][] advantages, Aggregation aggregation) =>
        new() { Mask = mask, LogProbs = mask, Advantages = advantages, Objective = new ReinforceObjective(), Aggregation = aggregation };

    static double[][] MaskOf(double[][] labels) => [.. labels.Select(r => r.Select(l => l < 0 ? 0.0 : 1).ToArray())];

    static void Supervised(NumberRow row, Comparison c)
    {
        var (labels, mask) = (row.Matrix("labels"), MaskOf(row.Matrix("labels")));
        TrlTargets.Compare(row.Outputs.GetProperty("code"), c, row.Cube("logits"), labels,
            Step(mask, mask, Aggregation.TokenMean) with { Objective = new SupervisedObjective() });
    }

    // The logits of a place predict the next label, whose reward it is.
    static void Causal(NumberRow row, Comparison c)
    {
        c.InSinglePrecision();
        double[][] labels = [.. row.Matrix("labels").Select(r => r.Skip(1).Append(-100).ToArray())], rewards = [.. row.Matrix("rewards").Select(r => r.Skip(1).Append(0).ToArray())];
        TrlTargets.Compare(row.Outputs.GetProperty("code"), c, row.Cube("logits"), labels, Step(MaskOf(labels), rewards, Aggregation.TokenMean));
    }
}
