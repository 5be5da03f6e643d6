using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Attention as libtorch's one operation beside the same in single ones.</summary>
public sealed class AttentionTests
{
    const int B = 3, T = 33, S = 16;

    static ModelConfig Config(int heads, int groups) => ModelConfig.Nano(8) with { HiddenSize = heads * S, NumAttentionHeads = heads, NumKeyValueHeads = groups };

    static Tensor[] Inputs(ModelConfig config, int keys, ScalarType dtype, Generator generator)
    {
        Tensor[] inputs = [randn([B, T, config.NumAttentionHeads, S], generator: generator), randn([B, config.NumKeyValueHeads, keys, S], generator: generator), randn([B, config.NumKeyValueHeads, keys, S], generator: generator)];
        return [.. inputs.Select(x => x.Mul(2).to(dtype).Here())];
    }

    static Tensor Mask(int queries, int keys, ScalarType dtype, Tensor? seen = null)
    {
        var hidden = (seen ?? Arithmetic.Range(queries, CPU).view(1, queries)).unsqueeze(-1);
        return zeros([hidden.shape[0], queries, keys]).MaskedFill(Arithmetic.Range(keys, CPU).view(1, 1, keys).gt(hidden), float.NegativeInfinity).to(dtype).to(Tensors.Device);
    }

    static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var _ = no_grad();
        var scale = expected.to(ScalarType.Float32).abs().max().item<float>();
        Assert.InRange((expected.to(ScalarType.Float32) - actual.to(ScalarType.Float32)).abs().max().item<float>() / scale, 0, tolerance);
    }

    static void AssertSame(ModelConfig config, int keys, ScalarType dtype, Func<Tensor[], Tensor> one, Func<Tensor[], Tensor> single, double tolerance)
    {
        using var scope = NewDisposeScope();
        // Its own: other tests draw from the common one at the same time, and rounding of 16 bits depends on what is drawn.
        using var generator = new Generator(1);
        var weights = randn([B, T, config.NumAttentionHeads, S], generator: generator).to(dtype).to(Tensors.Device);
        var drawn = Inputs(config, keys, dtype, generator);
        Tensor[] Results(Func<Tensor[], Tensor> attend)
        {
            Tensor[] inputs = [.. drawn.Select(x => x.clone().requires_grad_())];
            var mixed = attend(inputs);
            (mixed * weights).sum().backward();
            return [mixed, .. inputs.Select(x => x.grad!)];
        }
        foreach (var (want, have) in Results(single).Zip(Results(one)))
            AssertClose(want, have, tolerance);
    }

    [Theory]
    [InlineData(4, 4, ScalarType.Float32, 1e-5)]
    [InlineData(6, 2, ScalarType.Float32, 1e-5)]
    [InlineData(4, 1, ScalarType.BFloat16, 3e-2)]
    public void Causal(int heads, int groups, ScalarType dtype, double tolerance)
    {
        var config = Config(heads, groups);
        AssertSame(config, T, dtype, x => Attention.Causal(x[0], x[1], x[2], config),
            x => Attention.Mix(x[0], x[1], x[2], Mask(T, T, dtype).unsqueeze(1).unsqueeze(1), config), tolerance);
    }

    [Theory]
    [InlineData(4, 4, ScalarType.Float32, 1e-5)]
    [InlineData(6, 2, ScalarType.Float32, 1e-5)]
    [InlineData(4, 1, ScalarType.BFloat16, 3e-2)]
    public void With_earlier_keys_of_unequal_length(int heads, int groups, ScalarType dtype, double tolerance)
    {
        var config = Config(heads, groups);
        Tensor Seen() => Arithmetic.Range(T, CPU).view(1, T).Add(tensor([0L, 5, 20]).view(B, 1));
        AssertSame(config, T + 20, dtype, x => Attention.Masked(x[0], x[1], x[2], Mask(T, T + 20, dtype, Seen()), config),
            x => Attention.Mix(x[0], x[1], x[2], Mask(T, T + 20, dtype, Seen()).unsqueeze(1).unsqueeze(1), config), tolerance);
    }
}
