using Rlef.Learning;
using Rlef.Randomness;

namespace Rlef.Core.Tests.Learning;

public sealed class LearningRateTests
{
    [Theory]
    [InlineData(12, 4, new[] { 3, 3, 3, 3 })]
    [InlineData(13, 4, new[] { 3, 3, 3, 4 })]
    [InlineData(6, 4, new[] { 1, 2, 1, 2 })]
    [InlineData(3, int.MaxValue, new[] { 1, 1, 1 })]
    public void Episodes_are_split_evenly_among_the_steps(int episodes, int minibatches, int[] sizes)
    {
        var parts = Learner.Parts([.. Enumerable.Range(0, episodes)], minibatches).ToList();
        Assert.Equal(sizes, parts.Select(p => p.Length));
        Assert.Equal(Enumerable.Range(0, episodes), parts.SelectMany(p => p));
    }

    [Fact]
    public void References_and_episodes_take_turns_where_the_recipe_says_so()
    {
        int[] episodes = [.. Enumerable.Range(0, 40)], references = [.. Enumerable.Range(100, 40)];
        var both = TrainingConfig.Rltf with { Minibatches = 4, References = 6 };
        List<int[]> Steps(TrainingConfig config, int[] references)
        {
            var random = RandomStream.For(1);
            return [.. Learner.Minibatches(episodes, references, config, ref random)];
        }
        string Kinds(TrainingConfig config, int[] references) => string.Join(' ', Steps(config, references).Select(step => string.Concat(step.Select(s => s < 100 ? 'e' : 'r').Distinct().Order())));
        Assert.Equal("er er er er", Kinds(both, references));
        Assert.Equal("r e r e", Kinds(both with { AlternateReferences = true }, references));
        Assert.Equal("r e e", Kinds(both with { AlternateReferences = true }, references[..1]));
        Assert.Equal([.. episodes, .. references], Steps(both with { AlternateReferences = true }, references).SelectMany(s => s).Order());
        // Not in the same order.
        Assert.NotEqual(Steps(both with { AlternateReferences = true }, references)[0].Select(r => r - 100), Steps(both with { AlternateReferences = true }, references)[1]);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant, new[] { 0.5, 1, 1, 1, 1, 1, 1 })]
    [InlineData(LearningRateSchedule.Linear, new[] { 0.5, 1, 1, 0.75, 0.5, 0.25, 0 })]
    [InlineData(LearningRateSchedule.Cosine, new[] { 0.5, 1, 1, 0.8535533905932737, 0.5, 0.14644660940672627, 0 })]
    public void It_rises_and_goes_on_as_the_schedule_has_it(LearningRateSchedule schedule, double[] expected)
    {
        foreach (var (step, share) in expected.Index())
            Assert.Equal(share, schedule.Share(step, warmup: 2, total: 6), 1e-12);
        Assert.Equal(expected[^1], schedule.Share(100, 2, 6), 1e-12);
    }

    [Fact]
    public void It_falls_to_the_floor_and_needs_no_warm_up()
    {
        Assert.Equal(1, LearningRateSchedule.Linear.Share(0, 0, 4, 0.2), 1e-12);
        Assert.Equal(0.6, LearningRateSchedule.Linear.Share(2, 0, 4, 0.2), 1e-12);
        Assert.Equal(0.1, LearningRateSchedule.Cosine.Share(4, 0, 4, 0.1), 1e-12);
        Assert.Equal(1, LearningRateSchedule.Cosine.Share(5, 5, 5), 1e-12);
    }
}
