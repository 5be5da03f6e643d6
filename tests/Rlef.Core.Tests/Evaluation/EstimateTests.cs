using Rlef.Evaluation;

namespace Rlef.Core.Tests.Evaluation;

public sealed class EstimateTests
{
    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // Runs of some bases on problems in clusters, each source of chance with its deviation.
    static (Scores[] Runs, string[] Bases) Draw(Random random, double truth, int bases, int seeds, int clusters, double ofBase, double ofSeed, double ofCluster, double ofProblem)
    {
        var problems = Enumerable.Range(0, 2 * clusters).ToArray();
        var shift = new double[clusters].Select(_ => ofCluster * Normal(random)).ToArray();
        var own = problems.Select(_ => ofProblem * Normal(random)).ToArray();
        List<Scores> runs = [];
        List<string> names = [];
        for (var b = 0; b < bases; b++)
        {
            var level = truth + ofBase * Normal(random);
            for (var s = 0; s < seeds; s++)
            {
                var run = level + ofSeed * Normal(random);
                runs.Add(new(problems.Select(p => ($"{p}", $"{p / 2}", run + shift[p / 2] + own[p] + 0.3 * Normal(random)))));
                names.Add($"base {b}");
            }
        }
        return ([.. runs], [.. names]);
    }

    [Theory]
    [InlineData(1, 1, 40, 0, 0, 0.1, 0.3)]
    [InlineData(1, 3, 30, 0, 0.1, 0.05, 0.1)]
    [InlineData(1, 5, 30, 0, 0.1, 0.05, 0.1)]
    [InlineData(2, 3, 30, 0.1, 0.05, 0.01, 0.01)]
    [InlineData(3, 2, 30, 0.1, 0.05, 0.05, 0.1)]
    [InlineData(3, 5, 30, 0, 0.1, 0.3, 0.1)]
    public void An_interval_holds_the_truth_at_least_as_often_as_it_says(int bases, int seeds, int clusters, double ofBase, double ofSeed, double ofCluster, double ofProblem)
    {
        var random = new Random(7);
        const int trials = 2000;
        var held = 0;
        for (var trial = 0; trial < trials; trial++)
        {
            var (runs, names) = Draw(random, 2, bases, seeds, clusters, ofBase, ofSeed, ofCluster, ofProblem);
            var interval = Estimates.Mean(runs, names);
            held += interval.Low <= 2 && 2 <= interval.High ? 1 : 0;
        }
        // Three standard errors of the simulation below 95 %.
        Assert.InRange(held / (double)trials, 0.935, 1);
    }

    [Fact]
    public void A_difference_is_paired_by_run_and_problem()
    {
        var random = new Random(3);
        var (worse, _) = Draw(random, 0, 1, 3, 20, 0, 1, 1, 1);
        var better = worse.Select(r => new Scores(r.Problems.Zip(r, (p, s) => (p, p, s + 0.2)).Reverse())).ToList();
        var gain = Estimates.Difference(better, worse);
        Assert.Equal(0.2, gain.Estimate, 9);
        // All alike: how many clusters there are says how rare others can be.
        Assert.InRange(gain.High - gain.Low, 0.1, 0.4);
        Assert.True(Estimates.Mean(worse) is var alone && alone.High - alone.Low > 1);
    }

    [Fact]
    public void A_problem_that_one_run_could_not_score_counts_in_none()
    {
        static Scores Run(params (string Problem, double Score)[] scores) => new(scores.Select(s => (s.Problem, s.Problem, s.Score)));
        var whole = Run(("a", 1), ("b", 0), ("c", 0));
        Assert.Equal(0.5, Estimates.Mean([whole, Run(("b", 0), ("a", 1))]).Estimate);
        Assert.Equal(0, Estimates.Difference([whole, whole], [whole, Run(("c", 0), ("b", 0))]).Estimate);
        Assert.Throws<ArgumentException>(() => Estimates.Mean([whole, Run(("d", 1))]));
    }

    [Fact]
    public void A_difference_that_is_never_negative_is_no_share()
    {
        Scores none = Scores.Of([0, 0, 0]), one = Scores.Of([1, 0, 0]);
        Assert.InRange(Estimates.Difference([one], [none]).Low, -1, -0.9);
        var (equal, many) = (Estimates.Difference([none], [none]), Estimates.Difference([Scores.Of(new double[100])], [Scores.Of(new double[100])]));
        Assert.Equal((0, -equal.High), (equal.Estimate, equal.Low));
        Assert.InRange(equal.High, 0.5, 0.6);
        Assert.InRange(many.High, 0.03, 0.04);
    }

    [Fact]
    public void Shares_stay_within_their_bounds_and_none_of_many_is_not_sure()
    {
        Assert.InRange(Estimates.Mean([0, 0, 0, 1]).Low, 0, 0);
        var none = Estimates.Mean(new double[50]);
        Assert.Equal((0, 0), (none.Estimate, none.Low));
        Assert.InRange(none.High, 0.05, 0.1);
    }

    [Fact]
    public void One_of_many_that_is_otherwise_makes_no_surer_than_none()
    {
        Interval[] solved = [.. Enumerable.Range(0, 6).Select(n => Estimates.Mean(Enumerable.Range(0, 100).Select(i => i < n ? 1.0 : 0)))];
        Assert.All(solved.Zip(solved.Skip(1)), pair => Assert.True(pair.First.High < pair.Second.High, $"{pair.First}, {pair.Second}"));
        // Averages of many programs are all different: their variance says enough.
        Assert.True(Estimates.Mean(Enumerable.Range(0, 100).Select(i => 0.5 + 1e-4 * i)).High < 0.52);
    }

    [Fact]
    public void A_lone_problem_says_nothing_of_others()
    {
        Assert.Equal(new Interval(0.5, 0, 1), Estimates.Mean([0.5]));
        Assert.Equal(new Interval(-0.25, -1, 1), Estimates.Mean([-0.25]));
        Assert.InRange(Estimates.Mean([1.0]).Low, 0.1, 0.3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Few_problems_that_come_out_alike_are_no_certainty(int problems)
    {
        var random = new Random(11);
        const int trials = 2000;
        var held = 0;
        for (var trial = 0; trial < trials; trial++)
        {
            var interval = Estimates.Mean(Scores.Of(Enumerable.Range(0, problems).Select(_ => Enumerable.Range(0, 3).Average(_ => random.Next(2) == 0 ? 1.0 : 0))));
            held += interval.Low <= 0.5 && 0.5 <= interval.High ? 1 : 0;
        }
        Assert.InRange(held / (double)trials, 0.9, 1);
        // Thirds are alike but for rounding.
        Assert.True(Estimates.Mean(Scores.Of(Enumerable.Repeat(1 / 3.0, problems))) is var thirds && thirds.High - thirds.Low > 0.2);
    }

    [Theory]
    [InlineData(0.041, 0.012, 0.07, "+4.1 (+1.2 to +7.0)")]
    [InlineData(-0.02306, -0.0458, -0.0003125, "−2.3 (−4.6 to −0.03)")]
    [InlineData(0.018, 0.0000042, 0.036, "+1.8 (+0.0004 to +3.6)")]
    [InlineData(0.0001, 0, 0.0004, "0.0 (0.0 to +0.04)")]
    [InlineData(0, -1e-9, 1e-9, "0.0 (0.0 to 0.0)")]
    public void Bounds_next_to_nothing_tell_on_which_side_they_are(double estimate, double low, double high, string expected) =>
        Assert.Equal(expected, new Interval(estimate, low, high).Points);
}
