using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>The element-wise and reduction steps of the transformer.</summary>
static class Ops
{
    /// <summary>x / rms(x) · weight over the last dimension (Zhang and Sennrich 2019).</summary>
    public static Tensor RmsNorm(Tensor x, Tensor weight, double epsilon) =>
        x * rsqrt(x.pow(2).mean([-1], true) + epsilon) * weight;

    /// <summary>silu(gate) · up (Shazeer 2020).</summary>
    public static Tensor SwiGlu(Tensor gate, Tensor up) => nn.functional.silu(gate) * up;
}
