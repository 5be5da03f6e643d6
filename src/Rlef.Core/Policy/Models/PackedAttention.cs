using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Causal self-attention over sequences that lie one behind the other without padding; each sees itself alone.</summary>
/// <param name="lengths">Of the sequences, N tokens together.</param>
/// <param name="cos">[N, head size] for the position of each token in its sequence, or null for a model without rotations.</param>
sealed class PackedAttention(ModelConfig config, IReadOnlyList<int> lengths, Tensor? cos, Tensor? sin)
{
    readonly Tensor? cos = cos?.unsqueeze(1), sin = sin?.unsqueeze(1);

    /// <summary>q [1, N, H, S], k and v [1, N, K, S] → [1, N, H, S].</summary>
    public Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        (q, k) = Rotary.Apply(q, k, cos, sin);
        List<Tensor> mixed = [];
        var start = 0;
        // Neighbours of one length are mixed together.
        for (var i = 0; i < lengths.Count;)
        {
            var (length, count) = (lengths[i], 1);
            while (++i < lengths.Count && lengths[i] == length)
                count++;
            Tensor Rows(Tensor x) => x.narrow(1, start, count * length).reshape(count, length, x.shape[2], x.shape[3]);
            var rows = Attention.Causal(Rows(q), Rows(k).transpose(1, 2), Rows(v).transpose(1, 2), config);
            mixed.Add(rows.reshape(1, count * length, rows.shape[2], rows.shape[3]));
            start += count * length;
        }
        return mixed.Count == 1 ? mixed[0] : cat(mixed, 1);
    }
}
