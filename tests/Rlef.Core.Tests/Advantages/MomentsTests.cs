using FsCheck;
using FsCheck.Fluent;
using Rlef.Advantages;
using static Rlef.Core.Tests.Sequences;

namespace Rlef.Core.Tests.Advantages;

public sealed class MomentsTests
{
    static readonly Gen<int[]> Cents = Gen.Choose(-1000, 1000).ArrayOf();

    [Fact]
    public void Mean_and_variance_of_either_kind()
    {
        Assert.Equal((3, 2.5), Moments.Of([1, 2, 3, 4, 5], sample: true));
        Assert.Equal((3, 2), Moments.Of([1, 2, 3, 4, 5]));
        Assert.Equal(Math.Sqrt(2.5), Moments.Deviation([1, 2, 3, 4, 5]), 12);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 7.0 })]
    [InlineData(new[] { -0.3, -0.3, -0.3, -0.3, -0.3, -0.3, -0.3 })]
    [InlineData(new[] { 0.1 + 0.2, 0.3, 0.3 })]
    public void What_does_not_vary_but_by_rounding_has_no_variance(double[] values)
    {
        Assert.True(Moments.AreEqual(values));
        Assert.Equal(0, Moments.Of(values, sample: true).Variance);
        Assert.All(Moments.Whiten(values), w => Assert.Equal(0, w));
    }

    [Fact]
    public void Whitened_values_have_mean_0_and_variance_1_whatever_they_were() => Prop.ForAll(Arb.From(Cents), Arb.From(Gen.Elements(true, false)), (cents, sample) =>
    {
        double[] white = Moments.Whiten([.. cents.Select(x => x / 100.0)], sample);
        if (cents.Distinct().Count() < 2)
            return Array.TrueForAll(white, w => w == 0);
        var (mean, variance) = Moments.Of(white, sample);
        return Math.Abs(mean) < 1e-9 && Math.Abs(variance - 1) < 1e-3;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whitening_forgets_place_and_scale() => Prop.ForAll(Arb.From(Cents), Arb.From(Gen.Choose(1, 9)), Arb.From(Gen.Choose(-99, 99)), (cents, scale, shift) =>
    {
        var (white, moved) = (Moments.Whiten([.. cents.Select(x => (double)x)]), Moments.Whiten([.. cents.Select(x => (double)x * scale + shift)]));
        return white.Zip(moved).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_that_differ_little_are_told_apart() => Near([-1, 1], Moments.Whiten([1000, 1000.001]), 0.1);
}
