using System.Runtime.Intrinsics;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

public sealed class RowMathTests
{
    [Fact]
    public void Exp_is_right_to_the_last_places()
    {
        var worst = 0.0;
        for (var x = -87f; x <= 88; x += 0.0137f)
            worst = Math.Max(worst, Math.Abs(RowMath.Exp(Vector256.Create(x))[0] / Math.Exp(x) - 1));
        Assert.InRange(worst, 0, 2.5e-7);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-88f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_at_the_edges(float x, float expected) => Assert.Equal(expected, RowMath.Exp(Vector256.Create(x))[0]);

    [Fact]
    public void Exp_of_the_largest_stays_finite() => Assert.True(float.IsFinite(RowMath.Exp(Vector256.Create(float.PositiveInfinity))[0]));
}
