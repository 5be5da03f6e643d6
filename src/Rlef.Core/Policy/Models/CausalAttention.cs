using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Causal self-attention over whole right-padded sequences: a real token never sees padding, which lies after it.</summary>
/// <param name="cos">Broadcasts to [B, T, heads, head size], or null for a model without rotations.</param>
sealed class CausalAttention(ModelConfig config, Tensor? cos, Tensor? sin)
{

    /// <summary>q [B, T, H, S], k and v [B, T, K, S] → [B, T, H, S].</summary>
    public Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        (q, k) = Rotary.Apply(q, k, cos, sin);
        return Attention.Causal(q, k.transpose(1, 2), v.transpose(1, 2), config);
    }
}
