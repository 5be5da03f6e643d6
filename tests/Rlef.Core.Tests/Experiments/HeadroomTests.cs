using System.Collections.Immutable;
using Rlef.Evaluation;
using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Core.Tests.Experiments;

public sealed class HeadroomTests
{
    [Theory]
    [InlineData(0.3, 1.0, true)]
    [InlineData(0.7, 1.0, false)]
    [InlineData(0.3, 0.4, false)]
    public void A_base_policy_above_six_tenths_of_the_ceiling_is_refused(double pass1, double ceiling, bool headroom) =>
        Assert.Equal(headroom, new HeadroomCertificate("x", 1, ceiling, 1, new(pass1, 0, 1), new(1, 1, 1), 0, 0,
            ImmutableSortedDictionary<string, (double, double)>.Empty).HasHeadroom);

    [Fact]
    public async Task What_a_statement_leaves_open_lowers_the_ceiling_of_the_first_program()
    {
        await using var laboratory = await Laboratory.OpenAsync(cancellation: TestContext.Current.CancellationToken);
        var (one, other) = (Laboratory.Micro("validation")[0], Laboratory.Micro("validation")[1]);
        var withheld = Laboratory.Nano("test").First(p => p.Labels["hidden"] == "layout+format");
        var wrong = one with { Id = "wrong", Statement = "Something else.", Reference = "print(1)" };
        async Task<HeadroomCertificate> Measure(params Problem[] problems) =>
            await HeadroomSurvey.MeasureAsync(laboratory, new("x", problems), 10, cancellation: TestContext.Current.CancellationToken);
        var complete = await Measure(one, other);
        Assert.Equal((1, 1), (complete.FirstCeiling, complete.ThirdCeiling));
        Assert.Equal(0.5, (await Measure(one, other with { Statement = one.Statement })).FirstCeiling);
        Assert.Equal(1 / 12.0, (await Measure(withheld)).FirstCeiling, 1e-9);
        Assert.Equal(0.5, (await Measure(one, wrong)).ThirdCeiling);
        // The nano world's policy writes no program that passes these.
        var none = await Measure(one with { Statement = "Something else.", PublicTests = [new("1", "neither one nor two")], Reference = null });
        Assert.Equal((null, null), (none.FailsPrivately, none.UnseenBugs));
    }
}
