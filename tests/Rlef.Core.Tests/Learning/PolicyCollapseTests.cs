using Rlef.Curricula;
using Rlef.Learning;

namespace Rlef.Core.Tests.Learning;

public sealed class PolicyCollapseTests
{
    static readonly TrainingConfig Config = TrainingConfig.Nano with { ProblemsPerUpdate = 100, LearningRate = 3e-4 };

    static List<string?> Told(IEnumerable<double?> solved, TrainingConfig? config = null)
    {
        var collapse = new PolicyCollapse(config ?? Config);
        return [.. solved.Select((share, update) => collapse.Tell(share is { } rate ? new Dictionary<string, double> { ["update"] = update, ["solve_rate"] = rate } : new Dictionary<string, double> { ["update"] = update }))];
    }

    [Fact]
    public void A_policy_that_solves_less_than_half_of_its_best_is_told_of_once()
    {
        var told = Told([.. Enumerable.Repeat<double?>(0.2, 8), .. Enumerable.Repeat<double?>(0.05, 9)]);
        // Of the last five, four have to be bad: 0.2 + 4 · 0.05 is less than half of 5 · 0.2.
        Assert.Equal(11, told.FindIndex(t => t is not null));
        Assert.Single(told, t => t is not null);
        Assert.Contains("solves 8 % in the last 5 updates, and solved 20 % in those before update 6", told[11]);
        Assert.Contains("lower learning rate than 0.0003", told[11]);
        Assert.Contains("--set kl.weight=0.4", told[11]);
    }

    [Fact]
    public void What_chance_may_do_is_not_told()
    {
        Assert.All(Told([.. Enumerable.Repeat<double?>(0.2, 8), .. Enumerable.Repeat<double?>(0.12, 9)]), Assert.Null);
        Assert.All(Told([.. Enumerable.Repeat<double?>(0.07, 8), .. Enumerable.Repeat<double?>(0, 9)]), Assert.Null);
        Assert.All(Told([.. Enumerable.Repeat<double?>(0.2, 8), .. Enumerable.Repeat<double?>(0.05, 9)], Config with { ProblemsPerUpdate = 10 }), Assert.Null);
    }

    [Fact]
    public void A_curriculum_that_leaves_out_what_is_solved_says_nothing_of_the_policy() =>
        Assert.All(Told([.. Enumerable.Repeat<double?>(0.8, 5), .. Enumerable.Repeat<double?>(0.3, 9)], Config with { Curriculum = new SolvableProblems() }), Assert.Null);

    // An update may learn from kept episodes and play none.
    [Fact]
    public void Updates_that_play_nothing_do_not_count() => Assert.All(Told([.. Enumerable.Repeat<double?>(0.2, 5), .. Enumerable.Repeat<double?>(null, 9)]), Assert.Null);
}
