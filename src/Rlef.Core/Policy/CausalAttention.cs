using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Causal self-attention over whole right-padded sequences: a real token never sees padding, which lies after it.</summary>
/// <param name="cos">[T, head size], or null for a model without rotations.</param>
sealed class CausalAttention(ModelConfig config, long length, ScalarType dtype, Device device, Tensor? cos, Tensor? sin)
{
    readonly Tensor? cos = cos?.unsqueeze(1), sin = sin?.unsqueeze(1);
    readonly Tensor mask = full([length, length], float.NegativeInfinity, dtype, device).triu(1);

    /// <summary>q [B, T, H, S], k and v [B, T, K, S] → [B, T, H, S].</summary>
    public Tensor Attend(Tensor q, Tensor k, Tensor v) => cos is null
        ? Mix(q, k, v, mask, config)
        : Mix(Rotary.Apply(q, cos, sin!), Rotary.Apply(k, cos, sin!), v, mask, config);

    /// <summary>softmax(q kᵀ / √S + mask) v, each key-value head shared by a group of query heads.</summary>
    public static Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor mask, ModelConfig config)
    {
        long b = q.shape[0], t = q.shape[1], size = config.HeadSize, groups = config.NumKeyValueHeads;
        long perGroup = config.NumAttentionHeads / groups, n = k.shape[1];
        // The queries of one group become extra rows, so that keys and values need not be repeated.
        var rows = q.view(b, t, groups, perGroup, size).permute(0, 2, 3, 1, 4).reshape(b, groups, perGroup * t, size);
        var scores = rows.matmul(k.permute(0, 2, 3, 1)) * (1 / Math.Sqrt(size));
        scores = scores.view(b, groups, perGroup, t, n) + mask;
        var mixed = Ops.Softmax(scores).view(b, groups, perGroup * t, n).matmul(v.transpose(1, 2));
        return mixed.view(b, groups, perGroup, t, size).permute(0, 3, 1, 2, 4).reshape(b, t, groups * perGroup, size);
    }
}
