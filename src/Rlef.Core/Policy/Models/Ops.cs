using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>The element-wise and reduction steps of the transformer. Reductions of 16-bit floats are computed in 32 bits, as in Hugging Face's models.</summary>
static class Ops
{
    /// <summary>x / rms(x) · weight over the last dimension (Zhang and Sennrich 2019).</summary>
    public static Tensor RmsNorm(Tensor x, Tensor weight, double epsilon)
    {
        if (FusedRmsNorm.Serves(x, weight))
            return FusedRmsNorm.Apply(x, weight, (float)epsilon);
        if (!IsShort(x.dtype))
            return x * rsqrt(x.Square().mean([-1], true).Add(epsilon)) * weight;
        var wide = x.to(ScalarType.Float32);
        return (wide * rsqrt(wide.Square().mean([-1], true).Add(epsilon))).to(x.dtype) * weight;
    }

    /// <summary>(x − mean) / deviation · weight + bias over the last dimension (Ba et al. 2016).</summary>
    public static Tensor LayerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon)
    {
        var wide = IsShort(x.dtype) ? x.to(ScalarType.Float32) : x;
        var centred = wide - wide.mean([-1], true);
        return ((centred * rsqrt(centred.Square().mean([-1], true).Add(epsilon))).to(x.dtype) * weight).Add(bias);
    }

    /// <summary>The rows of a table [V, D] that ids [...] name: [..., D].</summary>
    public static Tensor Embed(Tensor table, Tensor ids) => table.index_select(0, ids.reshape(-1)).reshape([.. ids.shape, table.shape[1]]);

    /// <summary>
    /// The matrix products of two equal stacks, [A, B, M, K] and [A, B, K, N] → [A, B, M, N]. TorchSharp's <c>matmul</c> ends the process where shapes do not
    /// fit; this throws.
    /// </summary>
    public static Tensor Products(Tensor left, Tensor right) => left.flatten(0, 1).bmm(right.flatten(0, 1)).unflatten(0, left.shape[0], left.shape[1]);

    /// <summary>Over the last dimension.</summary>
    public static Tensor Softmax(Tensor scores) => IsShort(scores.dtype) ? scores.to(ScalarType.Float32).softmax(-1).to(scores.dtype) : scores.softmax(-1);

    /// <summary>silu(gate) · up (Shazeer 2020).</summary>
    public static Tensor SwiGlu(Tensor gate, Tensor up) => nn.functional.silu(gate) * up;

    /// <summary>The Gaussian error linear unit (Hendrycks and Gimpel 2016).</summary>
    /// <param name="exact">By the error function; otherwise by GPT-2's approximation with a hyperbolic tangent.</param>
    public static Tensor Gelu(Tensor x, bool exact) => exact
        ? x.Mul(0.5) * x.Mul(Math.Sqrt(0.5)).erf().Add(1.0)
        : x.Mul(0.5) * x.Add(x.Pow(3).Mul(0.044715)).Mul(Math.Sqrt(2 / Math.PI)).tanh().Add(1.0);

    static bool IsShort(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16;
}
