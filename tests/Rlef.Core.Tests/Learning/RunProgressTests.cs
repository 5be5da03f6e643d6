using Rlef.Learning;

namespace Rlef.Core.Tests.Learning;

public sealed class RunProgressTests
{
    sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }
        public override long GetTimestamp() => Now.Ticks;
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }

    [Theory]
    // Each update's seconds; the first with the loading before it.
    [InlineData(new[] { 100.0, 100 }, "update 2 of 10, 14 min left")]
    // The past of a run that goes on is read in no time, after loading; it says nothing of what is to come.
    [InlineData(new[] { 30.0, 0.01, 0.01 }, "update 3 of 10")]
    [InlineData(new[] { 30.0, 0.01, 0.01, 120 }, "update 4 of 10, 12 min left")]
    public void The_time_that_is_left_is_told_by_what_was_computed(double[] seconds, string expected)
    {
        var clock = new Clock();
        var progress = new RunProgress(10, clock);
        var told = "";
        foreach (var (update, took) in seconds.Index())
        {
            clock.Now += TimeSpan.FromSeconds(took);
            told = progress.Tell(new Dictionary<string, double> { ["update"] = update });
        }
        Assert.Equal(expected, told);
    }

    [Fact]
    public void An_update_tells_what_it_has()
    {
        Assert.Equal("solved 25 %, KL 0.010", RunProgress.Line(new Dictionary<string, double> { ["solve_rate"] = 0.25, ["kl"] = 0.01, ["policy_loss"] = 12.34 }));
        // References alone are learned from.
        Assert.Equal("loss 12.3", RunProgress.Line(new Dictionary<string, double> { ["policy_loss"] = 12.34 }));
        Assert.Equal("", RunProgress.Line(new Dictionary<string, double>()));
    }
}
