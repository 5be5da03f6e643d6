using Rlef.Advantages;
using Rlef.Critics;
using Rlef.Experience;
using static Rlef.Core.Tests.Sequences;

namespace Rlef.Core.Tests.Advantages;

/// <summary>Estimators that tell turns apart.</summary>
public sealed class TurnAdvantageTests
{
    // Two turns of two and one tokens, and one turn of one.
    static TrainingSequence[] Batch => [Of("p", [0, 0, 1], [-1, 4]), Of("q", [0], [1])];

    [Fact]
    public void A_turn_s_advantage_is_its_return_less_its_value_whitened_over_turns()
    {
        // A = (3 − 1, 4 − 4, 1 − 3) = (2, 0, −2): variance 8/3, each turn counted once.
        var batch = new TurnAdvantage().Estimated(Batch, [[1, 4], [3]]);
        var deviation = Math.Sqrt(8.0 / 3);
        Near([2 / deviation, 2 / deviation, 0, -2 / deviation], batch.SelectMany(s => s.Advantages));
        Near([3, 4, 1], batch.SelectMany(s => s.Returns));
        Assert.Equal(ValueSites.Turn, new TurnAdvantage().Sites);
        Assert.Equal([0, 2], batch[0].Sites);
    }

    [Fact]
    public void Discount_and_lambda_run_over_turns()
    {
        // δ = (−1 + 0.5·4 − 1, 4 − 4) and 1 − 3.
        var batch = new TurnAdvantage { Gamma = 0.5, Lambda = 0 }.Estimated(Batch, [[1, 4], [3]]);
        Near([1, 4, 1], batch.SelectMany(s => s.Returns));
    }

    [Fact]
    public void Rewards_of_tokens_count_for_their_turn()
    {
        var batch = new TurnAdvantage().Estimated([Of("p", [0, 0, 1], [0, 1], [0.5, 0.25, -2])], [[0, 0]]);
        Near([0.75 - 1, -1], batch[0].Returns);
    }

    [Fact]
    public void A_turn_without_tokens_pays_the_turn_before_it()
    {
        // The second of three turns has none.
        var sequence = Of("p", [0, 0, 2], [1, 10, 100]);
        Near([11, 100], sequence.TurnPay);
        Assert.Equal([(0, 0, 2), (2, 2, 3)], sequence.Spans);
        Near([111, 100], new TurnAdvantage().Estimated([sequence], [[0, 0]])[0].Returns);
    }

    [Fact]
    public void What_came_before_the_first_turn_that_counts_is_nothing_that_the_policy_did() => Near([5], Of("p", [1], [-7, 5]).TurnPay);

    [Fact]
    public void Equal_advantages_and_a_single_turn_teach_nothing()
    {
        Assert.All(new TurnAdvantage().Estimated([Of("p", [0], [1]), Of("q", [0], [3])], [[0], [2]]).SelectMany(s => s.Advantages), a => Assert.Equal(0, a));
        Assert.Equal([0, 0], new TurnAdvantage().Estimated([Of("p", [0, 0], [1])], [[0]])[0].Advantages);
        Assert.Empty(new TurnAdvantage().Estimated([]));
    }

    // Solved at the first turn and at the third; a penalty at the first and at the second; nothing but failures.
    [Theory]
    [InlineData(1, true, false, true)]
    [InlineData(0.5, false, false, true)]
    public void Rewards_are_flat_where_every_turn_returns_the_same(double gamma, bool solved, bool penalties, bool failures)
    {
        IAdvantage[] arms = gamma == 1 ? [new TurnAdvantage(), new TokenAdvantage(), new RewardAdvantage(), new ReinforcePlusPlusAdvantage()] : [new TurnAdvantage { Gamma = gamma }];
        Assert.All(arms, arm =>
        {
            Assert.Equal(solved, arm.IsFlat([Of("p", [0], [1]), Of("q", [0, 1, 2], [0, 0, 1])]));
            Assert.Equal(penalties, arm.IsFlat([Of("p", [0, 1, 2], [-0.2, 0, 1]), Of("q", [0, 1, 2], [0, -0.2, 1])]));
            Assert.Equal(failures, arm.IsFlat([Of("p", [0, 1], [0, -1]), Of("q", [0, 1], [0, -1])]));
        });
    }

    [Fact]
    public void Discounted_by_tokens_nothing_paid_is_flat_alone() => Assert.All((IAdvantage[])[new TokenAdvantage { Gamma = 0.5 }, new ReinforcePlusPlusAdvantage { Gamma = 0.5 }], arm =>
    {
        Assert.True(arm.IsFlat([Of("p", [0], [0]), Of("q", [0, 0], [0])]));
        Assert.False(arm.IsFlat([Of("p", [0], [1]), Of("q", [0, 0], [1])]));
    });

    // Three dialogues about p: rewards (0, 2), (1), (0, 4); returns (2, 2), (1), (4, 4). One about q.
    static TrainingSequence[] Dialogues => [Of("p", [0, 1], [0, 2]), Of("p", [0], [1]), Of("p", [0, 1], [0, 4]), Of("q", [0, 1], [3, 3])];

    [Fact]
    public void A_turn_is_compared_with_the_others_that_reached_it() =>
        Near([2 - 2.5, 2 - 4, 1 - 3, 4 - 1.5, 4 - 2, 0, 0], new TurnIndexAdvantage().Estimated(Dialogues).SelectMany(s => s.Advantages));

    // Alike in all, and otherwise turn by turn.
    [Fact]
    public void Dialogues_that_are_paid_at_other_turns_are_not_flat()
    {
        Assert.False(new TurnIndexAdvantage().IsFlat([Of("p", [0, 1, 2], [-0.2, 0, -1]), Of("p", [0, 1, 2], [0, -0.2, -1])]));
        Assert.True(new TurnIndexAdvantage().IsFlat([Of("p", [0, 1], [0, -1]), Of("p", [0], [-1]), Of("q", [0], [1])]));
    }

    [Fact]
    public void A_turn_without_tokens_is_not_taken_for_the_next() =>
        // Returns by turn: (111, 100, 100) and (6, 5, 3), of whose second turns the first has no tokens.
        Near([111 - 6, 100 - 3, 6 - 111, 5 - 100, 3 - 100],
            new TurnIndexAdvantage().Estimated([Of("p", [0, 2], [1, 10, 100]), Of("p", [0, 1, 2], [1, 2, 3])]).SelectMany(s => s.Advantages));

    [Fact]
    public void Or_with_the_mean_of_returns_that_it_is_part_of() =>
        Near([2 - 7 / 3.0, 2 - 3, 1 - 7 / 3.0, 4 - 7 / 3.0, 4 - 3, 0, 0],
            new TurnIndexAdvantage { Against = TurnIndexAdvantage.Baseline.Return }.Estimated(Dialogues).SelectMany(s => s.Advantages));

    [Fact]
    public void Or_reward_by_reward() =>
        // Means 1/3 and 3: (0 − 1/3) + (2 − 3), 2 − 3; 1 − 1/3; (0 − 1/3) + (4 − 3), 4 − 3.
        Near([-4 / 3.0, -1, 2 / 3.0, 2 / 3.0, 1, 0, 0],
            new TurnIndexAdvantage { Against = TurnIndexAdvantage.Baseline.Reward }.Estimated(Dialogues).SelectMany(s => s.Advantages));
}
