using Rlef.Critics;
using Rlef.Policy;
using static Rlef.Core.Tests.Sequences;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Critics;

public sealed class LeastSquaresTests
{
    // y = 3 + 2·x₀ − x₁ of features with other means and spreads, and one that never varies.
    static (Tensor X, Tensor Y) Sites(int count)
    {
        var t = Arithmetic.Range(count, CPU, ScalarType.Float32);
        var (a, b) = (t.Mul(0.7f).sin().Mul(50).Add(1000), t.Mul(1.3f).cos().Mul(0.01f));
        return (stack([a, b, ones_like(a)], 1), a.Mul(2).Add(3) - b);
    }

    static Tensor Sums(int count)
    {
        var sums = LeastSquares.NewSums(3, CPU);
        var (x, y) = Sites(count);
        LeastSquares.Add(sums, x, y);
        return sums;
    }

    [Fact]
    public void A_linear_return_is_foreseen_whatever_the_features_scales()
    {
        using var scope = NewDisposeScope();
        using var regression = new LeastSquares(3, CPU);
        var (x, y) = Sites(1000);
        Assert.Equal(0, regression.Predict(x).abs().max().item<float>());
        for (var update = 0; update < 100; update++)
            regression.Learn([Sums(1000)]);
        // A hundred sites of belief that features say nothing take half a percent of the slope beside some twenty thousand seen.
        var rest = (y - regression.Predict(x)).var() / y.var();
        Assert.InRange(rest.item<float>(), 1e-6f, 1e-3f);
        Near([y.mean().item<float>()], [regression.Predict(x).mean().item<float>()], 0.05);
    }

    [Fact]
    public void Few_sites_are_believed_little()
    {
        using var scope = NewDisposeScope();
        using var regression = new LeastSquares(3, CPU);
        regression.Learn([Sums(100)]);
        var (x, y) = Sites(100);
        // As many sites as the belief counts: half of the slope.
        Near([0.5], [(regression.Predict(x).std() / y.std()).item<float>()], 0.01);
    }

    [Fact]
    public void What_was_seen_ages_and_views_add_up()
    {
        using var scope = NewDisposeScope();
        using var one = new LeastSquares(3, CPU);
        using var two = new LeastSquares(3, CPU);
        one.Learn([Sums(10), Sums(20)]);
        one.Learn([]);
        Near([30 * LeastSquares.Memory], [one.Sums[0, 0].item<double>()]);
        two.Sums.copy_(one.Sums);
        two.Solve();
        var (x, _) = Sites(5);
        Assert.Equal(one.Predict(x).Floats(), two.Predict(x).Floats());
    }
}
