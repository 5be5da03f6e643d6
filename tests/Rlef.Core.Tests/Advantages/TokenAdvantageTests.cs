using Rlef.Advantages;
using Rlef.Experience;
using Rlef.Rewards;
using static Rlef.Core.Tests.Sequences;

namespace Rlef.Core.Tests.Advantages;

/// <summary>Estimators that tell tokens apart.</summary>
public sealed class TokenAdvantageTests
{
    [Fact]
    public void A_turn_s_reward_falls_due_at_its_last_token()
    {
        // r = (0, 2, 0, 6), V = (1, 1, 2, 2), γλ = ½·1: A₃ = 4, A₂ = 0 + ½·2 − 2 + ½·4 = 1, A₁ = 2 + 1 − 1 + ½ = 2.5, A₀ = ½ − 1 + 1.25 = 0.75.
        var batch = new TokenAdvantage { Gamma = 0.5 }.Estimated([Of("p", [0, 0, 1, 1], [2, 6])], [[1, 1, 2, 2]]);
        Near([1.75, 3.5, 3, 6], batch[0].Returns);
        double[] a = [0.75, 2.5, 1, 4];
        var (mean, variance) = (a.Average(), a.Sum(x => (x - 2.0625) * (x - 2.0625)) / 4);
        Near([.. a.Select(x => (x - mean) / Math.Sqrt(variance))], batch[0].Advantages);
    }

    [Fact]
    public void The_sample_s_variance_divides_by_one_token_less()
    {
        var batch = new TokenAdvantage { SampleVariance = true, Lambda = 0 }.Estimated([Of("p", [0, 0], [1])], [[0, 2]]);
        // δ = (2, −1): mean ½, sample's variance 4.5.
        Near([1.5 / Math.Sqrt(4.5), -1.5 / Math.Sqrt(4.5)], batch[0].Advantages);
    }

    [Fact]
    public void Tokens_that_do_not_count_are_no_steps()
    {
        // Of five tokens the second and the third are masked; the value before the fourth is what the first one leads to.
        var episode = Episodes.Of(null, Episodes.Turn(null, tokens: 5));
        var sequence = TrainingSequence.Of(episode, new EpisodeReward([10], [1, 50, 60, 2, 3], [true, false, false, true, true]));
        Assert.Equal([2, 5, 6], sequence.Positions);
        Assert.Equal([1, 2, 3], sequence.TokenRewards);
        var batch = new TokenAdvantage { Lambda = 0, Gamma = 0.5 }.Estimated([sequence], [[1, 4, 6]]);
        // δ = (1 + ½·4 − 1, 2 + ½·6 − 4, 3 + 10 − 6).
        Near([2 + 1, 1 + 4, 7 + 6], batch[0].Returns);
    }

    [Fact]
    public void Reinforce_plus_plus_sums_the_rewards_to_come()
    {
        var batch = new ReinforcePlusPlusAdvantage { Gamma = 0.5 }.Estimated([Of("p", [0, 0, 0], [8], [-1, 0, 0])]);
        // (−1 + ¼·8, ½·8, 8) = (1, 4, 8): mean 13/3, sample's variance 37/3.
        Near([.. new[] { 1.0, 4, 8 }.Select(g => (g - 13 / 3.0) / Math.Sqrt(37 / 3.0))], batch[0].Advantages);
    }

    [Fact]
    public void Nothing_is_made_of_nothing()
    {
        Assert.Empty(new TokenAdvantage().Estimated([]));
        Assert.Empty(new ReinforcePlusPlusAdvantage().Estimated([]));
        Assert.Empty(new TokenAdvantage().Estimated([Of("p", [], [3])])[0].Advantages);
        Assert.Equal([0], new TokenAdvantage().Estimated([Of("p", [0], [3])], [[1]])[0].Advantages);
    }

    [Fact]
    public void The_best_so_far_is_what_a_program_is_compared_with_and_tokens_stand_for_themselves()
    {
        TrainingSequence better = Of("p", [0, 0, 0], [1], [0, -0.9, 0]), same = Of("q", [0], [-1]);
        (better.BestBefore, same.BestBefore) = (0.4, -1);
        var batch = new BestSoFarAdvantage().Estimated([better, same, Of("new", [0], [-0.3])]);
        Near([0.6, -0.3, 0.6, 0, -0.3], batch.SelectMany(s => s.Advantages));
    }

    [Fact]
    public void The_batch_s_mean_is_taken_over_tokens()
    {
        var batch = new RewardAdvantage().Estimated([Of("p", [0, 0, 0], [1], [0, 0, -2]), Of("q", [0], [-3])]);
        // (1 + 1 + 1 − 3) / 4 = 0.
        Near([1, 1, -1, -3], batch.SelectMany(s => s.Advantages));
    }
}
