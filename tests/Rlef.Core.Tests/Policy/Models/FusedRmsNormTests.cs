using Rlef.Policy;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>The norm in one walk beside its formula in 64-bit operations: values and gradients agree to 1e-5 of the largest.</summary>
public sealed class FusedRmsNormTests
{
    const float Epsilon = 1e-5f;

    static Tensor Formula(Tensor x, Tensor weight) => x * rsqrt(x.Square().mean([-1], true).Add(Epsilon)) * weight;

    static Tensor[] Results(Func<Tensor, Tensor, Tensor> norm, Tensor x, Tensor weight, Tensor above, ScalarType dtype)
    {
        var (from, by) = (x.to(dtype).requires_grad_(), weight.to(dtype).requires_grad_());
        // Used twice: a gradient of the same input comes from elsewhere, too.
        var y = norm(from, by);
        (y * above.to(dtype)).Add(from.Mul(0.5)).sum().backward();
        return [y, from.grad!, by.grad!];
    }

    static void AssertClose(IEnumerable<Tensor> expected, IEnumerable<Tensor> actual)
    {
        using var _ = no_grad();
        foreach (var (want, have) in expected.Zip(actual))
        {
            Assert.Equal(want.shape, have.shape);
            Assert.InRange((want - have).abs().max().item<double>() / (want.abs().max().item<double>() + 1e-30), 0, 1e-5);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 7)]
    [InlineData(1, 128, 32)]
    [InlineData(3, 43, 100)]
    [InlineData(1, 5000, 128)]
    public void Values_and_gradients_are_those_of_the_formula(long b, long t, long d)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(b, t, d) * exp(randn(b, t, 1)), weight = randn(d).Add(1), above = randn(b, t, d);
        Assert.True(FusedRmsNorm.Serves(x, weight));
        AssertClose(Results(Formula, x, weight, above, ScalarType.Float64), Results((a, w) => FusedRmsNorm.Apply(a, w, Epsilon), x, weight, above, ScalarType.Float32));
        using var _ = no_grad();
        AssertClose([Formula(x.to(ScalarType.Float64), weight.to(ScalarType.Float64))], [FusedRmsNorm.Apply(x, weight, Epsilon)]);
    }

    [Fact]
    public void A_gradient_that_lies_otherwise_in_memory_is_read_by_its_shape()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(4, 6, 8), weight = randn(8), above = randn(8, 6, 4);
        Tensor[] Of(Func<Tensor, Tensor, Tensor> norm, ScalarType dtype)
        {
            var (from, by) = (x.to(dtype).requires_grad_(), weight.to(dtype).requires_grad_());
            (norm(from, by).transpose(0, 2) * above.to(dtype)).sum().backward();
            return [from.grad!, by.grad!];
        }
        AssertClose(Of(Formula, ScalarType.Float64), Of((a, w) => FusedRmsNorm.Apply(a, w, Epsilon), ScalarType.Float32));
    }

    [Fact]
    public void Rows_of_zeros_have_finite_gradients()
    {
        using var scope = NewDisposeScope();
        Tensor x = zeros(2, 8).requires_grad_(), weight = ones(8).requires_grad_();
        FusedRmsNorm.Apply(x, weight, Epsilon).sum().backward();
        Assert.All(x.grad!.Floats(), g => Assert.Equal(1 / MathF.Sqrt(Epsilon), g, 0.01f));
        Assert.All(weight.grad!.Floats(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void A_weight_of_another_size_is_an_error() => Assert.Throws<ArgumentException>(() => FusedRmsNorm.Apply(zeros(2, 8), zeros(7), Epsilon));

    [Fact]
    public void Only_dense_floats_on_the_CPU_are_served()
    {
        Assert.False(FusedRmsNorm.Serves(zeros(2, 8, dtype: ScalarType.BFloat16), zeros(8)));
        Assert.False(FusedRmsNorm.Serves(zeros(8, 2).t(), zeros(8)));
        Assert.False(FusedRmsNorm.Serves(zeros(2, 8, dtype: ScalarType.Float64), zeros(8, dtype: ScalarType.Float64)));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        void Step()
        {
            using var scope = NewDisposeScope();
            Tensor x = randn(4, 8).requires_grad_(), weight = randn(8).requires_grad_();
            FusedRmsNorm.Apply(x, weight, Epsilon).sum().backward();
        }
        Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 20; i++)
            Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
