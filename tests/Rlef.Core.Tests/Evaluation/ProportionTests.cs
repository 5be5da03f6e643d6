using Rlef.Evaluation;

namespace Rlef.Core.Tests.Evaluation;

public sealed class ProportionTests
{
    [Fact]
    public void Wilsons_bounds_are_the_shares_from_which_the_observed_one_is_1_96_deviations_away()
    {
        foreach (var (successes, trials) in ((int, int)[])[(0, 1), (0, 10), (3, 10), (5, 10), (10, 10), (1, 2000), (1999, 2000)])
        {
            var interval = Proportion.Wilson(successes, trials);
            Assert.Equal((double)successes / trials, interval.Estimate, 12);
            Assert.InRange(interval.Estimate, interval.Low, interval.High);
            foreach (var bound in (double[])[interval.Low, interval.High])
                if (bound is > 0 and < 1)
                    Assert.Equal(1.959964, Math.Abs(interval.Estimate - bound) / Math.Sqrt(bound * (1 - bound) / trials), 5);
        }
        Assert.Equal((0.0, 1.0), (Proportion.Wilson(0, 10).Low, Proportion.Wilson(10, 10).High));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Wilson(2, 1));
    }
}
