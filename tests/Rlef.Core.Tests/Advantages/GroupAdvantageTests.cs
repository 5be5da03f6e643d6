using FsCheck;
using FsCheck.Fluent;
using Rlef.Advantages;
using Rlef.Experience;
using Rlef.Objectives;
using static Rlef.Core.Tests.Sequences;

namespace Rlef.Core.Tests.Advantages;

/// <summary>Estimators that compare the answers to one prompt.</summary>
public sealed class GroupAdvantageTests
{
    static readonly IAdvantage[] All =
    [
        new RlooAdvantage(), new RlooAdvantage { Normalised = true }, new GrpoAdvantage(), new GrpoAdvantage { Over = GrpoAdvantage.Scale.Batch }, new DrGrpoAdvantage(),
        new ReinforcePlusPlusAdvantage { GroupBaseline = true }, new TurnIndexAdvantage(),
    ];

    public static TheoryData<int> Each => [.. Enumerable.Range(0, All.Length)];

    // Two groups, in turns: p is paid 1, 3, 8 and q −1, 0.
    static TrainingSequence[] Two => [Paid("p", 1), Paid("q", -1), Paid("p", 3), Paid("q", 0), Paid("p", 8)];

    static IEnumerable<double> First(IAdvantage advantage, IReadOnlyList<TrainingSequence> batch) => advantage.Estimated(batch).Select(s => s.Advantages[0]);

    [Fact]
    public void Rloo_is_the_reward_less_the_mean_of_the_others() => Near([1 - 5.5, -1 - 0, 3 - 4.5, 0 + 1, 8 - 2], First(new RlooAdvantage(), Two));

    [Fact]
    public void Normalised_rloo_has_the_batch_s_mean_and_deviation()
    {
        // −4.5, −1, −1.5, 1, 6: mean 0, squares 20.25 + 1 + 2.25 + 1 + 36 = 60.5, over 4.
        var deviation = Math.Sqrt(60.5 / 4) + 1e-4;
        Near([-4.5 / deviation, -1 / deviation, -1.5 / deviation, 1 / deviation, 6 / deviation], First(new RlooAdvantage { Normalised = true }, Two));
    }

    [Fact]
    public void Grpo_divides_by_the_sample_s_deviation_of_its_group()
    {
        // p: mean 4, squares 9 + 1 + 16 over 2; q: mean −1/2, squares 1/4 + 1/4 over 1.
        var (p, q) = (Math.Sqrt(13) + 1e-6, Math.Sqrt(0.5) + 1e-6);
        Near([-3 / p, -0.5 / q, -1 / p, 0.5 / q, 4 / p], First(new GrpoAdvantage(), Two));
    }

    [Fact]
    public void Grpo_over_the_batch_divides_all_groups_alike()
    {
        // 1, −1, 3, 0, 8: mean 2.2, squares 1.44 + 10.24 + 0.64 + 4.84 + 33.64 = 50.8, over 4.
        var deviation = Math.Sqrt(50.8 / 4) + 0.5;
        Near([-3 / deviation, -0.5 / deviation, -1 / deviation, 0.5 / deviation, 4 / deviation],
            First(new GrpoAdvantage { Over = GrpoAdvantage.Scale.Batch, Epsilon = 0.5 }, Two));
    }

    [Fact]
    public void Dr_grpo_divides_by_nothing() => Near([-3, -0.5, -1, 0.5, 4], First(new DrGrpoAdvantage(), Two));

    [Fact]
    public void Reinforce_plus_plus_with_a_group_s_baseline_is_whitened_over_tokens()
    {
        // A token where the others have three: of −1 and three times 1 the mean is 1/2 and the sample's variance 1.
        TrainingSequence[] batch = [Of("p", [0], [0]), Of("p", [0, 0, 0], [2])];
        new ReinforcePlusPlusAdvantage { GroupBaseline = true }.Estimated(batch);
        Near([-1.5, 0.5, 0.5, 0.5], batch.SelectMany(s => s.Advantages));
    }

    [Fact]
    public void Tokens_keep_their_penalty_beside_a_group_s_baseline()
    {
        // p's rewards 4 and 0, and a penalty on the first one's first token: (2 − 3, 2) and −2.
        TrainingSequence[] batch = [Of("p", [0, 0], [4]), Of("p", [0], [0])];
        batch[0].TokenPay[0] -= 3;
        new ReinforcePlusPlusAdvantage { GroupBaseline = true }.Estimated(batch);
        var deviation = Math.Sqrt((Math.Pow(-1 + 1.0 / 3, 2) + Math.Pow(2 + 1.0 / 3, 2) + Math.Pow(-2 + 1.0 / 3, 2)) / 2);
        Near([(-1 + 1.0 / 3) / deviation, (2 + 1.0 / 3) / deviation, (-2 + 1.0 / 3) / deviation], batch.SelectMany(s => s.Advantages));
    }

    [Fact]
    public void Whitening_divides_by_n_where_it_is_told_to()
    {
        TrainingSequence[] batch = [Of("p", [0], [0]), Of("q", [0], [1])];
        new ReinforcePlusPlusAdvantage { SampleVariance = false }.Estimated(batch);
        Near([-1, 1], batch.SelectMany(s => s.Advantages));
        new ReinforcePlusPlusAdvantage().Estimated(batch);
        Near([-Math.Sqrt(0.5), Math.Sqrt(0.5)], batch.SelectMany(s => s.Advantages));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Equal_rewards_teach_exactly_nothing(int which)
    {
        // Ten times 0.1 and seven thirds: sums that rounding spoils.
        TrainingSequence[] batch = [.. Enumerable.Range(0, 10).Select(_ => Paid("p", 0.1)), .. Enumerable.Range(0, 7).Select(_ => Paid("q", 1 / 3.0))];
        Assert.All(All[which].Estimated(batch).SelectMany(s => s.Advantages), a => Assert.Equal(0, a));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void A_group_of_one_teaches_nothing(int which) => Assert.All(All[which].Estimated([Paid("p", 5)])[0].Advantages, a => Assert.Equal(0, a));

    [Theory]
    [MemberData(nameof(Each))]
    public void An_empty_batch_is_no_fault(int which) => Assert.Empty(All[which].Estimated([]));

    [Fact]
    public void A_dialogue_without_tokens_that_count_is_compared_with_and_learns_nothing()
    {
        TrainingSequence[] batch = [Paid("p", 1), Of("p", [], [4])];
        new RlooAdvantage().Estimated(batch);
        Near([-3, -3], batch[0].Advantages);
        Assert.Empty(batch[1].Advantages);
    }

    static Property Holds(Func<double[], bool> law) => Prop.ForAll(Arb.From(Gen.Choose(-500, 500).NonEmptyListOf()), cents => law([.. cents.Select(c => c / 100.0)]));

    [Fact]
    public void Advantages_of_a_group_sum_to_zero() => Holds(rewards =>
        Math.Abs(RlooAdvantage.Of(rewards).Sum()) < 1e-8 && Math.Abs(DrGrpoAdvantage.Of(rewards).Sum()) < 1e-8 && Math.Abs(GrpoAdvantage.Of(rewards, 1e-6).Sum()) < 1e-6)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Rloo_is_dr_grpo_stretched_by_n_over_n_less_1() => Holds(rewards => RlooAdvantage.Of(rewards).Zip(DrGrpoAdvantage.Of(rewards))
        .All(pair => Math.Abs(pair.First * (rewards.Length - 1) - pair.Second * rewards.Length) < 1e-8)).QuickCheckThrowOnFailure();

    [Fact]
    public void Grpo_does_not_see_a_shift_or_a_scale_of_rewards() => Holds(rewards =>
        GrpoAdvantage.Of(rewards, 0).Zip(GrpoAdvantage.Of([.. rewards.Select(r => 3 * r + 7)], 0)).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(GrpoAdvantage.Scale.Group)]
    [InlineData(GrpoAdvantage.Scale.Batch)]
    public void What_the_kl_penalty_leaves_of_equal_rewards_is_not_divided_by_itself(GrpoAdvantage.Scale over)
    {
        TrainingSequence[] batch = [Paid("p", -1), Paid("p", -1), Paid("q", 1), Paid("q", -1)];
        foreach (var (sequence, i) in batch.Select((s, i) => (s, i)))
        {
            Array.Fill(sequence.OldLogProbs, -0.1 * i);
            sequence.Charge(new KlPenalty { Weight = 1e-4 }, 1e-4);
        }
        Assert.NotEqual(batch[0].Pay, batch[1].Pay);
        double[] first = [.. First(new GrpoAdvantage { Over = over }, batch)];
        Near([0, 0], first[..2]);
        Assert.True(first[2] > 0.5 && first[3] < -0.5);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void What_is_equal_within_each_problem_says_nothing_whatever_the_problems(int index)
    {
        TrainingSequence[] batch = [Paid("p", 1), Paid("p", 1), Paid("q", -1)];
        Assert.True(All[index].IsFlat(batch));
        Assert.False(All[index].IsFlat([.. batch, Paid("q", 1)]));
    }

    [Fact]
    public void Penalties_at_other_turns_say_something_though_they_add_up_to_the_same() =>
        Assert.False(new ReinforcePlusPlusAdvantage { GroupBaseline = true }.IsFlat([Of("p", [0, 1, 2], [-0.2, 0, 1]), Of("p", [0, 1, 2], [0, -0.2, 1])]));

    [Fact]
    public void Equal_rewards_say_something_beside_different_bests()
    {
        TrainingSequence[] batch = [Paid("p", -0.3), Paid("q", -0.3)];
        IAdvantage best = new BestSoFarAdvantage(), grpo = new GrpoAdvantage();
        Assert.True(best.IsFlat(batch) && grpo.IsFlat(batch));
        batch[0].BestBefore = -0.6;
        Assert.True(!best.IsFlat(batch) && grpo.IsFlat(batch));
        Assert.False(best.IsFlat(batch[..1]));
    }
}
