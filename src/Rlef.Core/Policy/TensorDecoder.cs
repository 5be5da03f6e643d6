using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>The decoder in plain tensor operations, for any device.</summary>
public sealed class TensorDecoder : IDecoder
{
    readonly Transformer model;
    readonly int[] lengths;
    readonly Tensor[] keys, values;   // per layer [rows, positions, key-value heads, head size]
    readonly Tensor? cos, sin;

    public TensorDecoder(Transformer model, int capacity, int maxLength)
    {
        if (maxLength > model.Config.MaxPositionEmbeddings)
            throw new ArgumentOutOfRangeException(nameof(maxLength),
                $"{maxLength} tokens exceed the model's {model.Config.MaxPositionEmbeddings} positions.");
        this.model = model;
        MaxLength = maxLength;
        lengths = new int[capacity];
        var c = model.Config;
        var dtype = model.Dtype;
        using var scope = NewDisposeScope();
        keys = [.. Enumerable.Range(0, c.NumHiddenLayers).Select(_ => Cache())];
        values = [.. Enumerable.Range(0, c.NumHiddenLayers).Select(_ => Cache())];
        (cos, sin) = model.Rotations(maxLength);
        cos?.DetachFromDisposeScope();
        sin?.DetachFromDisposeScope();

        Tensor Cache() => zeros([capacity, maxLength, c.NumKeyValueHeads, c.HeadSize], dtype, model.Device).DetachFromDisposeScope();
    }

    public int Capacity => lengths.Length;
    public int VocabularySize => model.Config.VocabSize;
    public int MaxLength { get; }
    public int Length(int row) => lengths[row];
    public void Reset(int row) => lengths[row] = 0;
    public void Refresh() { }

    public void Append(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, Span<float> logits)
    {
        var (order, sizes) = (new int[rows.Length], new int[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            (order[i], sizes[i]) = (i, tokens[i].Length);
            if (lengths[rows[i]] + tokens[i].Length > MaxLength)
                throw new InvalidOperationException($"A dialogue of {lengths[rows[i]] + tokens[i].Length} tokens does not fit the decoder's {MaxLength}.");
        }
        // Rows with about as many new tokens go together: a prompt does not pad those that speak a single token to its own length.
        Array.Sort(sizes, order);
        for (int begin = 0, end; begin < order.Length; begin = end)
        {
            for (end = begin + 1; end < order.Length && sizes[end] < 2 * sizes[begin]; end++) { }
            Forward(rows, tokens, order[begin..end], widest: sizes[end - 1], logits);
        }
    }

    void Forward(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, int[] bucket, int widest, Span<float> logits)
    {
        var (n, deepest) = (bucket.Length, 0);
        foreach (var i in bucket)
            deepest = Math.Max(deepest, lengths[rows[i]] + tokens[i].Length);

        // Padding sits after a row's new tokens: it is computed and dropped, and never enters the cache.
        long[] ids = new long[n * widest], positions = new long[n * widest], cacheRows = new long[n], last = new long[n];
        List<long> written = new(n * widest), kept = new(n * widest);
        for (var i = 0; i < n; i++)
        {
            var row = rows[bucket[i]];
            var span = tokens[bucket[i]].Span;
            cacheRows[i] = row;
            last[i] = i * widest + span.Length - 1;
            for (var j = 0; j < widest; j++)
            {
                positions[i * widest + j] = Math.Min(lengths[row] + j, MaxLength - 1);
                if (j >= span.Length)
                    continue;
                ids[i * widest + j] = span[j];
                written.Add((long)row * MaxLength + lengths[row] + j);
                kept.Add(i * widest + j);
            }
            lengths[row] += span.Length;
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var c = model.Config;
        var device = model.Device;
        var position = tensor(positions, [n, widest]).to(device);
        var rowCos = cos?.index_select(0, position.flatten()).view(n, widest, 1, c.HeadSize);
        var rowSin = sin?.index_select(0, position.flatten()).view(n, widest, 1, c.HeadSize);
        var target = tensor(written.ToArray()).to(device);
        var source = tensor(kept.ToArray()).to(device);
        var rowIndex = tensor(cacheRows).to(device);
        // A query at position p sees the keys at 0..p. Mask [n, 1, 1, T, positions].
        var mask = zeros([n, widest, deepest], model.Dtype, device)
            .masked_fill(arange(deepest, device: device).view(1, 1, deepest).gt(position.unsqueeze(-1)), float.NegativeInfinity)
            .view(n, 1, 1, widest, deepest);

        var hidden = model.Hidden(tensor(ids, [n, widest]).to(device), position, (layer, q, k, v) =>
        {
            if (rowCos is not null)
                (q, k) = (Rotary.Apply(q, rowCos, rowSin!), Rotary.Apply(k, rowCos, rowSin!));
            Store(keys[layer], k);
            Store(values[layer], v);
            return CausalAttention.Mix(q, Load(keys[layer]), Load(values[layer]), mask, c);
        });
        var result = model.Logits(hidden.view(n * widest, c.HiddenSize).index_select(0, tensor(last).to(device)));
        var found = result.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        for (var i = 0; i < n; i++)
            found.AsSpan(i * c.VocabSize, c.VocabSize).CopyTo(logits[(bucket[i] * c.VocabSize)..]);

        void Store(Tensor cache, Tensor fresh) => cache.view(-1, c.NumKeyValueHeads, c.HeadSize)
            .index_copy_(0, target, fresh.reshape(-1, c.NumKeyValueHeads, c.HeadSize).index_select(0, source));
        Tensor Load(Tensor cache) => cache.narrow(1, 0, deepest).index_select(0, rowIndex);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor?[])[.. keys, .. values, cos, sin])
            tensor?.Dispose();
    }
}
