using Rlef.Experience;
using Rlef.Objectives;
using static Rlef.Core.Tests.Sequences;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Objectives;

public sealed class KlPenaltyTests
{
    // Turns of two and one tokens, with log-ratios 1, 3 and −2 to the reference.
    static TrainingSequence Charged(KlPenalty penalty)
    {
        var sequence = Of("p", [0, 0, 1], [10, 20], [0, 5, 0]);
        double[] ratios = [1, 3, -2];
        ratios.CopyTo(sequence.OldLogProbs, 0);
        sequence.Charge(penalty, penalty.Weight);
        return sequence;
    }

    static readonly KlPenalty Half = new() { Weight = 0.5 };

    [Fact]
    public void The_mean_over_a_response_is_taken_from_its_turn()
    {
        var sequence = Charged(Half);
        Near([10 - 0.5 * 2, 20 + 0.5 * 2], sequence.TurnPay);
        Near([0, 5, 0], sequence.TokenPay);
        Assert.Equal(35, sequence.Pay, 9);
        Assert.Equal(35, sequence.Reward, 9);
    }

    [Fact]
    public void The_sum_makes_long_responses_dear() => Near([10 - 0.5 * 4, 21], Charged(Half with { Per = KlPenalty.Scope.Sum }).TurnPay);

    [Fact]
    public void Each_token_can_bear_its_own()
    {
        var sequence = Charged(Half with { Per = KlPenalty.Scope.Token });
        Near([10, 20], sequence.TurnPay);
        Near([-0.5, 5 - 1.5, 1], sequence.TokenPay);
        Near([10 - 0.5 + 3.5, 20 + 1], sequence.TurnTotals());
    }

    [Fact]
    public void In_the_loss_nothing_is_taken_from_what_is_paid() => Near([10, 20], Charged(Half with { In = KlPenalty.Place.Loss }).TurnPay);

    [Fact]
    public void Charging_again_begins_from_the_reward()
    {
        var sequence = Charged(Half);
        sequence.Charge(Half, 1);
        Near([10 - 2, 20 + 2], sequence.TurnPay);
    }

    [Theory]
    [InlineData(KlPenalty.Estimator.K1, 0.7, -0.4)]
    [InlineData(KlPenalty.Estimator.K2, 0.245, 0.08)]
    [InlineData(KlPenalty.Estimator.K3, 0.196585303791, 0.091824697641)]
    public void Estimates_of_a_likelier_and_an_unlikelier_token(KlPenalty.Estimator by, double likelier, double unlikelier)
    {
        Assert.Equal(likelier, KlPenalty.Of(0.7, by), 9);
        Assert.Equal(unlikelier, KlPenalty.Of(-0.4, by), 9);
        using var scope = NewDisposeScope();
        var logProbs = tensor([-1.0, -3]).requires_grad_(true);
        var losses = KlPenalty.Losses(logProbs, tensor([-1.7, -2.6]), by);
        Near([likelier, unlikelier], losses.data<double>().ToArray());
        losses.sum().backward();
        double Slope(double d) => (KlPenalty.Of(d + 1e-6, by) - KlPenalty.Of(d - 1e-6, by)) / 2e-6;
        Near([Slope(0.7), Slope(-0.4)], logProbs.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Far_from_the_reference_k1_and_k2_still_pull_and_k3_stays_a_number()
    {
        using var scope = NewDisposeScope();
        foreach (var (by, expected) in new[] { (KlPenalty.Estimator.K1, 1.0), (KlPenalty.Estimator.K2, -60), (KlPenalty.Estimator.K3, 0) })
        {
            var logProbs = tensor([-61f]).requires_grad_(true);
            var loss = KlPenalty.Losses(logProbs, tensor([-1f]), by).sum();
            loss.backward();
            Assert.True(float.IsFinite(loss.item<float>()));
            Assert.Equal(expected, logProbs.grad!.item<float>());
        }
        Assert.True(float.IsFinite((float)KlPenalty.Of(-200, KlPenalty.Estimator.K3)));
    }

    [Fact]
    public void The_weight_follows_its_target_at_most_by_a_fifth_a_horizon()
    {
        var steered = new KlPenalty { Weight = 0.1, Target = 2, Horizon = 50 };
        Assert.Equal(0.1 * (1 + 0.1 * 10 / 50), steered.Adapt(0.1, kl: 2.2, episodes: 10), 12);
        Assert.Equal(0.1 * 1.2, steered.Adapt(0.1, kl: 9, episodes: 50), 12);
        Assert.Equal(0.1 * 0.8, steered.Adapt(0.1, kl: -3, episodes: 50), 12);
        // However many episodes there were, it stays one that holds the policy.
        Assert.Equal(0.1 * 0.1, steered.Adapt(0.1, kl: -3, episodes: 300), 12);
        Assert.Equal(0.1, new KlPenalty().Adapt(0.1, kl: 9, episodes: 50));
    }
}
