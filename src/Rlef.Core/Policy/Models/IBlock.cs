using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>One layer of a transformer: attention and feed-forward, each added to the residual stream.</summary>
interface IBlock
{
    /// <param name="x">[B, T, D]</param>
    /// <param name="attend">(q [B, T, heads, size], k, v [B, T, key-value heads, size]) → mixed values, [B, T, heads, size].</param>
    Tensor Forward(Tensor x, Func<Tensor, Tensor, Tensor, Tensor> attend);
}
