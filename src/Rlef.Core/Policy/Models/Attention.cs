using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// softmax(q kᵀ / √S + mask) v, each key-value head shared by a group of query heads. Shapes: q [B, T, H, S], k and v [B, K, N, S] → [B, T, H, S].
/// </summary>
static class Attention
{
    /// <summary>Each query sees the keys up to its own place; T = N. The scores are never written to memory (Dao et al. 2022, FlashAttention).</summary>
    public static Tensor Causal(Tensor q, Tensor k, Tensor v, ModelConfig config) => Fused(q, k, v, null, config);

    /// <param name="mask">[B, T, N], zero and minus infinity.</param>
    public static Tensor Masked(Tensor q, Tensor k, Tensor v, Tensor mask, ModelConfig config) => Fused(q, k, v, mask.unsqueeze(1), config);

    /// <summary>The mask of queries at these positions [B, T] over the first N keys, each of which they see up to their own place: [B, T, N].</summary>
    public static Tensor MaskAt(Tensor positions, int keys, ScalarType dtype) =>
        zeros([positions.shape[0], positions.shape[1], keys], dtype, positions.device)
            .MaskedFill(Arithmetic.Range(keys, positions.device).view(1, 1, keys).gt(positions.unsqueeze(-1)), float.NegativeInfinity);

    /// <summary>In single operations; for few queries no slower than the fused one.</summary>
    /// <param name="mask">Broadcasts to [B, K, H / K, T, N].</param>
    public static Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor mask, ModelConfig config)
    {
        long b = q.shape[0], t = q.shape[1], size = config.HeadSize, groups = config.NumKeyValueHeads;
        long perGroup = config.NumAttentionHeads / groups, n = k.shape[2];
        // The queries of one group become extra rows, so that keys and values need not be repeated.
        var rows = q.view(b, t, groups, perGroup, size).permute(0, 2, 3, 1, 4).reshape(b, groups, perGroup * t, size);
        var scores = Ops.Products(rows, k.transpose(2, 3)).Mul(1 / Math.Sqrt(size));
        scores = scores.view(b, groups, perGroup, t, n).Add(mask);
        var mixed = Ops.Products(Ops.Softmax(scores).view(b, groups, perGroup * t, n), v);
        return mixed.view(b, groups, perGroup, t, size).permute(0, 3, 1, 2, 4).reshape(b, t, groups * perGroup, size);
    }

    // Causal without a mask.
    static Tensor Fused(Tensor q, Tensor k, Tensor v, Tensor? mask, ModelConfig config)
    {
        var mixed = nn.functional.scaled_dot_product_attention(q.transpose(1, 2), Heads(k), Heads(v), mask, 0, mask is null);
        return mixed.transpose(1, 2).contiguous();

        Tensor Heads(Tensor x)
        {
            long b = x.shape[0], groups = x.shape[1], n = x.shape[2], perGroup = config.NumAttentionHeads / groups;
            return perGroup == 1 ? x : x.unsqueeze(2).expand(b, groups, perGroup, n, config.HeadSize).reshape(b, groups * perGroup, n, config.HeadSize);
        }
    }
}
