using Rlef.Learning;

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
