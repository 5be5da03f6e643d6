using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// The decoder in plain tensor operations, for any device. On a GPU it draws blocks of tokens, during which the host waits for nothing: a response that
/// ends within a block is cut there when the block is read.
/// </summary>
public sealed class TensorDecoder : IDecoder
{
    // Steps that a GPU takes before the host reads what was drawn: long beside the reading, short beside a response.
    const int DeviceBlock = 16;

    readonly Transformer model;
    readonly int[] lengths;
    readonly TensorCache cache;
    readonly StaticStep? steps;   // where the device draws
    readonly Tensor? cos, sin;

    /// <param name="block">Tokens that the device draws before the host looks at them; 0 lets the host draw from the logits. Null: 16 on a GPU, 0 on the CPU.</param>
    public TensorDecoder(Transformer model, int capacity, int maxLength, int? block = null)
    {
        if (maxLength > model.Config.MaxPositionEmbeddings)
            throw new ArgumentOutOfRangeException(nameof(maxLength),
                $"{maxLength} tokens exceed the model's {model.Config.MaxPositionEmbeddings} positions.");
        var drawn = block ?? (model.Device.type == TorchSharp.DeviceType.CPU ? 0 : DeviceBlock);
        this.model = model;
        MaxLength = maxLength;
        Block = Math.Max(drawn, 1);
        lengths = new int[capacity];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        cache = new(model.Config, capacity, maxLength, model.Dtype, model.Device);
        (cos, sin) = model.Rotations(maxLength);
        cos?.DetachFromDisposeScope();
        sin?.DetachFromDisposeScope();
        steps = drawn > 0 ? new(model, cache, capacity, maxLength, drawn) : null;
    }

    public Transformer Model => model;
    public int Capacity => lengths.Length;
    public int VocabularySize => model.Config.VocabSize;
    public int MaxLength { get; }
    public int Block { get; }
    public int Length(int row) => lengths[row];
    public void Reset(int row) => lengths[row] = 0;

    public void CopyPrefix(int from, int length, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, lengths[from]);
        using var _ = no_grad();
        if (from != row)
            cache.Copy(from, length, row);
        lengths[row] = length;
    }

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

    public void Sample(ReadOnlySpan<OpenResponse> responses)
    {
        // Of the device only what was drawn comes back.
        ILookup<bool, OpenResponse> byHost = responses.ToArray().ToLookup(r => steps is null || r.WantsAlternatives);
        if (byHost[true].Any())
            Sampler.Sample(this, [.. byHost[true]]);
        foreach (var alike in byHost[false].GroupBy(r => r.Sampling with { MaxTokens = 0 }))
            DrawBlock(steps!, [.. alike], alike.Key);
    }

    void DrawBlock(StaticStep steps, OpenResponse[] responses, Sampling sampling)
    {
        var (count, deepest) = (0, 0);
        List<int> prompted = [];
        List<ReadOnlyMemory<int>> prompts = [];
        foreach (var response in responses)
        {
            count = Math.Max(count, Math.Min(Block, response.Room));
            // The last token is the first step's; those before it need no logits.
            if (response.Pending.Length == 1)
                continue;
            prompted.Add(response.Row);
            prompts.Add(response.Pending[..^1]);
        }
        Append([.. prompted], [.. prompts], []);

        var (state, uniforms) = (new long[3 * Capacity], new double[Capacity * Block]);
        for (var row = 0; row < Capacity; row++)
            state[Capacity + row] = lengths[row];
        foreach (var response in responses)
        {
            if (lengths[response.Row] + response.Room > MaxLength)
                throw new InvalidOperationException($"A dialogue of {lengths[response.Row] + response.Room} tokens does not fit the decoder's {MaxLength}.");
            state[response.Row] = response.Pending.Span[^1];
            state[2 * Capacity + response.Row] = 1;
            response.Foresee(uniforms.AsSpan(response.Row * Block, Block));
            deepest = Math.Max(deepest, lengths[response.Row] + count);
        }
        steps.Load(state, uniforms);
        steps.Run(count, deepest, sampling);
        var (tokens, logProbs) = steps.Read();
        foreach (var response in responses)
            if (!Array.TrueForAll(logProbs[(response.Row * Block)..(response.Row * Block + count)], float.IsFinite))
                throw NotFinite.Of(model, "The policy's logits");
        foreach (var response in responses)
        {
            var before = response.Tokens.Count;
            response.Take(tokens.AsSpan(response.Row * Block, count), logProbs.AsSpan(response.Row * Block, count));
            // The last token drawn is pending again.
            lengths[response.Row] += response.Tokens.Count - before;
        }
    }

    // Without logits nothing is read back.
    void Forward(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, int[] bucket, int widest, Span<float> logits)
    {
        var (n, deepest, fresh) = (bucket.Length, 0, true);
        foreach (var i in bucket)
            (deepest, fresh) = (Math.Max(deepest, lengths[rows[i]] + tokens[i].Length), fresh && lengths[rows[i]] == 0);

        // Padding sits after a row's new tokens: it is computed and dropped, and never enters the cache.
        long[] ids = new long[n * widest], positions = new long[n * widest], cacheRows = new long[n], last = new long[n];
        List<long> writtenRows = new(n * widest), writtenSlots = new(n * widest), kept = new(n * widest);
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
                writtenRows.Add(row);
                writtenSlots.Add(lengths[row] + j);
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
        var places = cache.Places(tensor(writtenRows.ToArray()).to(device), tensor(writtenSlots.ToArray()).to(device));
        var source = kept.Count < n * widest ? tensor(kept.ToArray()).to(device) : null;
        var rowIndex = tensor(cacheRows).to(device);
        // A query at position p sees the keys at 0..p. In new rows these are all in the same call.
        var mask = fresh ? null : Attention.MaskAt(position, deepest, model.Dtype);

        var hidden = model.Hidden(tensor(ids, [n, widest]).to(device), position, (layer, q, k, v) =>
        {
            (q, k) = Rotary.Apply(q, k, rowCos, rowSin);
            cache.Store(layer, places, Written(k), Written(v));
            if (fresh)
                return Attention.Causal(q, k.transpose(1, 2), v.transpose(1, 2), c);
            var (keys, values) = cache.Load(layer, deepest, rowIndex);
            return Attention.Masked(q, keys, values, mask!, c);
        });
        if (logits.IsEmpty)
            return;
        var result = model.Logits(hidden.view(n * widest, c.HiddenSize).index_select(0, tensor(last).to(device)));
        var found = result.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        for (var i = 0; i < n; i++)
            found.AsSpan(i * c.VocabSize, c.VocabSize).CopyTo(logits[(bucket[i] * c.VocabSize)..]);

        Tensor Written(Tensor fresh)
        {
            var flat = fresh.reshape(-1, c.NumKeyValueHeads, c.HeadSize);
            return source is null ? flat : flat.index_select(0, source);
        }
    }

    public void Dispose()
    {
        steps?.Dispose();
        cache.Dispose();
        cos?.Dispose();
        sin?.Dispose();
    }
}
