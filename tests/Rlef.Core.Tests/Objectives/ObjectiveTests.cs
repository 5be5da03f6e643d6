using Rlef.Objectives;
using Rlef.Policy;
using static Rlef.Core.Tests.Sequences;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Objectives;

/// <summary>Losses of tokens and their gradients.</summary>
public sealed class ObjectiveTests
{
    // Tokens with these ratios π/π_old, and π_old/π_b.
    static (double[] Losses, double[] Gradient) Run(IObjective objective, double[] ratios, double[] advantages, double[]? stale = null)
    {
        using var scope = NewDisposeScope();
        var logProbs = tensor(ratios.Select(r => Math.Log(r) - 1).ToArray()).requires_grad_(true);
        var old = Arithmetic.Full([ratios.Length], -1.0, ScalarType.Float64);
        var behaviour = stale is null ? old : old - tensor(stale).log();
        var tokens = new TokenBatch(logProbs, old, behaviour, old, tensor(advantages));
        var losses = objective.Losses(tokens);
        losses.sum().backward();
        // What teaches nothing more is said to be held back.
        if (objective is PpoObjective ppo && ratios.All(r => r is > 1e-6 and < 1e6))
            Assert.Equal(logProbs.grad!.data<double>().Select(g => g == 0), ppo.Clipped(tokens)!.data<bool>());
        return (losses.data<double>().ToArray(), logProbs.grad!.data<double>().ToArray());
    }

    static readonly PpoObjective Plain = new() { Corrected = PpoObjective.Correction.None };

    [Fact]
    public void Ppo_stops_where_a_token_has_moved_far_enough_in_the_advantage_s_direction()
    {
        var (losses, gradient) = Run(Plain, [1, 1.1, 1.5, 0.5, 0.5, 1.5], [2, 2, 2, 2, -2, -2]);
        Near([-2, -2.2, -2.4, -1, 1.6, 3], losses);
        Near([-2, -2.2, 0, -1, 0, 3], gradient);
    }

    [Fact]
    public void Clip_higher_moves_the_upper_bound_alone()
    {
        var (losses, gradient) = Run(Plain with { ClipHigh = 0.28 }, [1.25, 1.5, 0.7], [1, 1, -1]);
        Near([-1.25, -1.28, 0.8], losses);
        Near([-1.25, 0, 0], gradient);
    }

    [Fact]
    public void Dual_clip_bounds_the_loss_of_what_was_bad()
    {
        var (losses, gradient) = Run(Plain with { DualClip = 3 }, [2, 5, 5], [-1, -1, 1]);
        Near([2, 3, -1.2], losses);
        Near([2, 0, 0], gradient);
    }

    [Fact]
    public void The_correction_outside_weighs_the_loss()
    {
        var (losses, gradient) = Run(Plain with { Corrected = PpoObjective.Correction.Outside, Cap = 2 }, [1, 1, 1.5], [1, 1, 1], [0.5, 4, 4]);
        Near([-0.5, -2, -2.4], losses);
        Near([-0.5, -2, 0], gradient);
    }

    [Fact]
    public void The_correction_within_multiplies_the_ratio_before_it_is_clipped()
    {
        // π/π_b is 0.9·1, capped at 1 for 1.1: ratios 0.81 and 1.1; the square of 0.85 is already below 0.8.
        var (losses, gradient) = Run(new PpoObjective(), [0.9, 1.1, 0.85], [-1, -1, -1]);
        Near([0.81, 1.1, 0.8], losses);
        // The weight itself has no gradient.
        Near([0.81, 1.1, 0], gradient);
    }

    [Fact]
    public void Ratios_beyond_all_measure_stay_numbers()
    {
        var (losses, gradient) = Run(Plain, [Math.Exp(300), Math.Exp(-300)], [-1, 1]);
        Near([Math.Exp(20), -Math.Exp(-20)], losses);
        Near([0, 0], gradient);
    }

    [Fact]
    public void Reinforce_weighs_log_probabilities_by_the_advantage()
    {
        var (losses, gradient) = Run(new ReinforceObjective(), [1, Math.E], [2, -3]);
        Near([2, 0], losses);
        Near([-2, 3], gradient);
        Near([-2 * 1.5, 3 * 0.5], Run(new ReinforceObjective { Cap = 1.5 }, [1, 1], [2, -3], [7, 0.5]).Gradient);
    }

    [Fact]
    public void Supervised_learning_says_again_what_turned_out_well()
    {
        var (losses, gradient) = Run(new SupervisedObjective(), [1, 1, 1], [0.1, 0, -5]);
        Near([1, 0, 0], losses);
        Near([-1, 0, 0], gradient);
    }

    [Fact]
    public void Penalty_and_entropy_are_terms_of_the_loss()
    {
        using var scope = NewDisposeScope();
        var (logProbs, reference) = (tensor([-1.0, -2]), tensor([-1.5, -2]));
        var tokens = new TokenBatch(logProbs, logProbs, logProbs, reference, tensor([1.0, 1]));
        var kl = new KlPenalty { In = KlPenalty.Place.Loss };
        double[] Of(KlPenalty penalty, double weight, Tensor? entropies = null) => PolicyLoss.Of(tokens, Plain, penalty, weight, entropies, 0.1).data<double>().ToArray();
        Near([-1 + 2 * 0.5, -1], Of(kl, 2));
        Near([-1, -1], Of(kl with { In = KlPenalty.Place.Reward }, 2));
        Near([-1 - 0.1 * 3, -1 - 0.1 * 4], Of(kl, 0, tensor([3.0, 4])));
    }
}
