using System.Numerics.Tensors;

namespace Rlef.Policy;

/// <summary>One thread's share of a decode step: its buffers, and the pass of its tokens through the layers.</summary>
sealed unsafe class FusedStep : IDisposable
{
    /// <summary>New tokens of one row.</summary>
    /// <param name="Start">Tokens that the row holds already.</param>
    /// <param name="Index">Where the row's logits go; −1 where they are not wanted.</param>
    public readonly record struct Work(int Row, int Start, ReadOnlyMemory<int> Tokens, int Index);

    // A token on its way; Target is the index of its logits, or −1 where nobody wants them.
    readonly record struct Token(int Row, int Position, int Id, int Target);

    readonly ModelConfig config;
    readonly FusedWeights weights;
    readonly KeyValueCache cache;
    readonly Token[] tokens;
    readonly int width, mixedWidth, wide, vocabulary;
    readonly NativeFloats stream, normed, projected, mixed, logits, scores, head;
    Crew? crew;

    public FusedStep(ModelConfig config, FusedWeights weights, KeyValueCache cache, int chunk)
    {
        (this.config, this.weights, this.cache) = (config, weights, cache);
        var qkv = config.AttentionSize + 2 * config.NumKeyValueHeads * config.HeadSize;
        width = PackedMatrix.Padded(config.HiddenSize);
        mixedWidth = PackedMatrix.Padded(config.AttentionSize);
        wide = Math.Max(PackedMatrix.Padded(qkv), 2 * weights.FeedForwardSize);
        vocabulary = PackedMatrix.Padded(config.VocabSize);
        tokens = new Token[chunk];
        stream = new NativeFloats(chunk * width);
        normed = new NativeFloats(chunk * width);
        mixed = new NativeFloats(chunk * mixedWidth);
        projected = new NativeFloats(chunk * wide);
        logits = new NativeFloats(chunk * (long)vocabulary);
        scores = new NativeFloats((long)(config.NumAttentionHeads / config.NumKeyValueHeads) * cache.Positions);
        head = new NativeFloats(config.NumAttentionHeads / config.NumKeyValueHeads * cache.ValueSize);
    }

    /// <param name="target">[rows, vocabulary]</param>
    /// <param name="crew">Helps with large products; null for nobody.</param>
    public void Run(ReadOnlySpan<Work> work, float* target, Crew? crew = null)
    {
        this.crew = crew;
        var n = 0;
        foreach (var (row, start, ids, index) in work)
            for (var i = 0; i < ids.Length; i++)
            {
                tokens[n++] = new(row, start + i, ids.Span[i], i + 1 == ids.Length ? index : -1);
                if (n == tokens.Length)
                    Forward(ref n, target);
            }
        if (n > 0)
            Forward(ref n, target);
    }

    void Forward(ref int count, float* target)
    {
        var (n, d, epsilon) = (count, config.HiddenSize, (float)config.RmsNormEps);
        float* x = stream.Pointer, h = normed.Pointer, y = projected.Pointer;
        for (var i = 0; i < n; i++)
            Buffer.MemoryCopy(weights.Embedding.Pointer + (long)tokens[i].Id * d, x + i * width, d * sizeof(float), d * sizeof(float));
        for (var layer = 0; layer < weights.Layers.Length; layer++)
        {
            var w = weights.Layers[layer];
            for (var i = 0; i < n; i++)
                RowMath.RmsNorm(x + i * width, w.AttentionNorm.Pointer, h + i * width, d, epsilon);
            Multiply(w.QueryKeyValue, h, width, y, wide, n, accumulate: false);
            Add(w.QueryKeyValueBias, y, wide, n);
            for (var i = 0; i < n; i++)
                Attend(layer, tokens[i], y + i * wide, mixed.Pointer + i * mixedWidth);
            Multiply(w.Output, mixed.Pointer, mixedWidth, x, width, n, accumulate: true);
            Add(w.OutputBias, x, width, n);
            for (var i = 0; i < n; i++)
                RowMath.RmsNorm(x + i * width, w.FeedForwardNorm.Pointer, h + i * width, d, epsilon);
            Multiply(w.GateUp, h, width, y, wide, n, accumulate: false);
            Add(w.GateUpBias, y, wide, n);
            for (var i = 0; i < n; i++)
                RowMath.SwiGlu(y + i * wide, y + i * wide + weights.FeedForwardSize, weights.FeedForwardSize);
            Multiply(w.Down, y, wide, x, width, n, accumulate: true);
            Add(w.DownBias, x, width, n);
        }
        WriteLogits(n, target);
        count = 0;
    }

    void Multiply(PackedMatrix matrix, float* x, int xStride, float* y, int yStride, int rows, bool accumulate)
    {
        if (crew is not null)
            crew.Multiply(matrix, x, xStride, y, yStride, rows, accumulate);
        else
            matrix.Multiply(x, xStride, y, yStride, rows, accumulate);
    }

    static void Add(NativeFloats? bias, float* rows, int stride, int count)
    {
        if (bias is null)
            return;
        var values = bias.AsSpan();
        for (var i = 0; i < count; i++)
        {
            var row = new Span<float>(rows + (long)i * stride, values.Length);
            TensorPrimitives.Add(row, values, row);
        }
    }

    // Tokens of a row pass in order, so each finds the keys and values of all before it.
    void Attend(int layer, Token token, float* qkv, float* output)
    {
        int size = config.HeadSize, half = size / 2, groups = config.NumKeyValueHeads, perGroup = config.NumAttentionHeads / groups;
        int length = token.Position + 1, valueSize = cache.ValueSize;
        float* cos = weights.Cos.Pointer + (long)token.Position * half, sin = weights.Sin.Pointer + (long)token.Position * half;
        float* k = qkv + config.AttentionSize, v = k + groups * size;
        var scale = 1 / MathF.Sqrt(size);
        if (weights.Layers[layer] is { QueryNorm: { } queryNorm, KeyNorm: { } keyNorm })
            for (var head = 0; head < config.NumAttentionHeads + groups; head++)
                RowMath.RmsNorm(qkv + head * size, (head < config.NumAttentionHeads ? queryNorm : keyNorm).Pointer, qkv + head * size, size, (float)config.RmsNormEps);
        var inverse = stackalloc float[perGroup];
        for (var group = 0; group < groups; group++, k += size, v += size)
        {
            float* keys = cache.Keys(layer, token.Row, group), values = cache.Values(layer, token.Row, group);
            var (block, slot) = Math.DivRem(token.Position, RowMath.KeyBlock);
            RowMath.Rotate(k, cos, sin, size, 1, keys + block * RowMath.KeyBlock * size + slot, RowMath.KeyBlock);
            var fresh = values + (long)token.Position * valueSize;
            for (var i = 0; i < valueSize; i++)
                fresh[i] = i < size ? v[i] : 0;

            var q = qkv + group * perGroup * size;
            for (var j = 0; j < perGroup; j++)
                RowMath.Rotate(q + j * size, cos, sin, size, scale, q + j * size, 1);
            // A block serves all queries of its group while it is in the nearest cache.
            for (var at = 0; at < length; at += RowMath.KeyBlock)
                for (var j = 0; j < perGroup; j++)
                    RowMath.Scores(q + j * size, keys + at * size, size, Math.Min(RowMath.KeyBlock, length - at), scores.Pointer + j * cache.Positions + at);
            for (var j = 0; j < perGroup; j++)
                inverse[j] = RowMath.Softmax(scores.Pointer + j * cache.Positions, length);
            new Span<float>(head.Pointer, perGroup * valueSize).Clear();
            for (var at = 0; at < length; at += RowMath.KeyBlock)
                for (var j = 0; j < perGroup; j++)
                    RowMath.Mix(scores.Pointer + j * cache.Positions + at, values + (long)at * valueSize, valueSize,
                        Math.Min(RowMath.KeyBlock, length - at), head.Pointer + j * valueSize);
            for (var j = 0; j < perGroup; j++)
                for (var i = 0; i < size; i++)
                    output[(group * perGroup + j) * size + i] = head.Pointer[j * valueSize + i] * inverse[j];
        }
    }

    // Only last tokens need the head.
    void WriteLogits(int n, float* target)
    {
        var ready = 0;
        for (var i = 0; i < n; i++)
            if (tokens[i].Target >= 0)
                RowMath.RmsNorm(stream.Pointer + i * width, weights.FinalNorm.Pointer, normed.Pointer + ready++ * width, config.HiddenSize, (float)config.RmsNormEps);
        if (ready == 0)
            return;
        Multiply(weights.Head, normed.Pointer, width, logits.Pointer, vocabulary, ready, accumulate: false);
        for (int i = 0, j = 0; i < n; i++)
            if (tokens[i].Target >= 0)
                new ReadOnlySpan<float>(logits.Pointer + (long)j++ * vocabulary, config.VocabSize)
                    .CopyTo(new Span<float>(target + (long)tokens[i].Target * config.VocabSize, config.VocabSize));
    }

    public void Dispose()
    {
        foreach (var buffer in (NativeFloats[])[stream, normed, projected, mixed, logits, scores, head])
            buffer.Dispose();
    }
}
