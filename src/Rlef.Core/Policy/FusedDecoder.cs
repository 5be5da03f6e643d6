using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// The decoder for small float32 models on a CPU, with each step's element-wise work fused by hand and the matrix products left to BLAS. Rows are shared
/// out among threads, each of which goes through all layers alone; rows that are not asked for cost nothing. Equal to <see cref="TensorDecoder"/> up to rounding.
/// </summary>
public sealed unsafe class FusedDecoder : IDecoder
{
    const int Chunk = 512;   // tokens that a thread takes through the layers at once

    readonly Transformer model;
    readonly ModelConfig config;
    readonly int[] lengths;
    readonly int hidden, query, group, qkv, wide;
    readonly NativeBuffer weights, keys, values, output;
    readonly NativeBuffer[] scratch;   // one a thread
    readonly float[] cos, sin;

    public FusedDecoder(Transformer model, int capacity, int maxLength)
    {
        if (maxLength > model.Config.MaxPositionEmbeddings)
            throw new ArgumentOutOfRangeException(nameof(maxLength),
                $"{maxLength} tokens exceed the model's {model.Config.MaxPositionEmbeddings} positions.");
        (this.model, config, MaxLength, lengths) = (model, model.Config, maxLength, new int[capacity]);
        (hidden, query, wide) = (config.HiddenSize, config.NumAttentionHeads * config.HeadSize, config.IntermediateSize);
        group = config.NumKeyValueHeads * config.HeadSize;
        qkv = query + 2 * group;
        weights = new(model.ParameterCount);
        var cache = (long)config.NumHiddenLayers * capacity * maxLength * group;
        (keys, values) = (new(cache), new(cache));
        scratch = [.. Enumerable.Range(0, get_num_threads()).Select(_ => new NativeBuffer((long)Chunk * (2 * hidden + qkv + query + 2 * wide)))];
        output = new((long)capacity * (hidden + config.VocabSize));
        var (c, s) = Rotary.Tables(config, CPU, ScalarType.Float32);
        (cos, sin) = (c.data<float>().ToArray(), s.data<float>().ToArray());
        c.Dispose();
        s.Dispose();
        Refresh();
    }

    /// <summary>Whether a model can be decoded this way.</summary>
    public static bool Supports(Transformer model) => Blas.IsAvailable && model.Device.type == TorchSharp.DeviceType.CPU
        && model.Parameters.Values.First().dtype == ScalarType.Float32 && model.Config.HeadSize % Vector256<float>.Count == 0;

    public int Capacity => lengths.Length;
    public int MaxLength { get; }
    public int Length(int row) => lengths[row];
    public void Reset(int row) => lengths[row] = 0;

    // The weights in the order in which the model names them: a layer's query, key and value projections, and its gate and up
    // projections, lie behind one another and so are each one matrix.
    public void Refresh()
    {
        var at = 0L;
        foreach (var parameter in model.Parameters.Values)
        {
            var source = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(parameter.bytes);
            source.CopyTo(new Span<float>(weights.Pointer + at, source.Length));
            at += source.Length;
        }
    }

    public void Append(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, Span<float> logits)
    {
        var parts = new Part[Math.Min(scratch.Length, rows.Length)];
        for (int p = 0, first = 0; p < parts.Length; p++)
        {
            var end = rows.Length * (p + 1) / parts.Length;
            parts[p] = Take(rows, tokens, first, end);
            first = end;
        }
        using (Blas.SingleThreaded())
            Parallel.For(0, parts.Length, p => Forward(parts[p], scratch[p].Pointer));
        new Span<float>(output.Pointer + (long)Capacity * hidden, rows.Length * config.VocabSize).CopyTo(logits);
    }

    // The tokens of some of the rows, in order, each with its place in the cache.
    sealed record Part(int FirstRow, int RowCount, List<int> Ids, List<(int Row, int Position)> Places, HashSet<int> Last);

    Part Take(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, int first, int end)
    {
        var part = new Part(first, end - first, [], [], []);
        for (var i = first; i < end; i++)
        {
            var row = rows[i];
            if (lengths[row] + tokens[i].Length > MaxLength)
                throw new InvalidOperationException($"A dialogue of {lengths[row] + tokens[i].Length} tokens does not fit the decoder's {MaxLength}.");
            foreach (var id in tokens[i].Span)
            {
                part.Ids.Add(id);
                part.Places.Add((row, lengths[row]++));
            }
            part.Last.Add(part.Ids.Count - 1);
        }
        return part;
    }

    void Forward(Part part, float* work)
    {
        float* final = output.Pointer + (long)part.FirstRow * hidden, next = final;
        for (var start = 0; start < part.Ids.Count; start += Chunk)
        {
            var count = Math.Min(Chunk, part.Ids.Count - start);
            Layers(part, start, count, work);
            for (var i = 0; i < count; i++)
                if (part.Last.Contains(start + i))
                {
                    Norm(work + (long)i * hidden, Weight(FinalNorm), next);
                    next += hidden;
                }
        }
        Blas.Linear(final, Weight(Head), output.Pointer + (long)Capacity * hidden + (long)part.FirstRow * config.VocabSize, part.RowCount, config.VocabSize, hidden);
    }

    long LayerSize => 2L * hidden + (long)qkv * hidden + (long)hidden * query + 3L * wide * hidden;
    long FinalNorm => (long)config.VocabSize * hidden + config.NumHiddenLayers * LayerSize;
    long Head => config.TieWordEmbeddings ? 0 : FinalNorm + hidden;
    float* Weight(long at) => weights.Pointer + at;

    // Leaves the last layer's output [count, D] at the start of the scratch.
    void Layers(Part part, int start, int count, float* x)
    {
        float* h = x + (long)Chunk * hidden, projected = h + (long)Chunk * hidden, mixed = projected + (long)Chunk * qkv, gates = mixed + (long)Chunk * query;
        for (var i = 0; i < count; i++)
            new ReadOnlySpan<float>(Weight((long)part.Ids[start + i] * hidden), hidden).CopyTo(new Span<float>(x + (long)i * hidden, hidden));
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            float* norm1 = Weight((long)config.VocabSize * hidden + layer * LayerSize), projections = norm1 + hidden,
                attentionOut = projections + (long)qkv * hidden, norm2 = attentionOut + (long)hidden * query, gateUp = norm2 + hidden,
                down = gateUp + 2L * wide * hidden;
            for (var i = 0; i < count; i++)
                Norm(x + (long)i * hidden, norm1, h + (long)i * hidden);
            Blas.Linear(h, projections, projected, count, qkv, hidden);
            for (var i = 0; i < count; i++)
                Store(layer, part.Places[start + i], projected + (long)i * qkv);
            for (var i = 0; i < count; i++)
                Attend(layer, part.Places[start + i], projected + (long)i * qkv, mixed + (long)i * query);
            Blas.Linear(mixed, attentionOut, x, count, hidden, query, add: true);
            for (var i = 0; i < count; i++)
                Norm(x + (long)i * hidden, norm2, h + (long)i * hidden);
            Blas.Linear(h, gateUp, gates, count, 2 * wide, hidden);

            for (var i = 0; i < count; i++)
                Gate(gates + (long)i * 2 * wide, gates + (long)i * wide);
            Blas.Linear(gates, down, x, count, hidden, wide, add: true);
        }
    }

    void Norm(float* x, float* weight, float* result)
    {
        ReadOnlySpan<float> source = new(x, hidden);
        var target = new Span<float>(result, hidden);
        var scale = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(source) / hidden + (float)config.RmsNormEps);
        TensorPrimitives.Multiply(source, new ReadOnlySpan<float>(weight, hidden), target);
        TensorPrimitives.Multiply(target, scale, target);
    }

    // silu(gate) · up. Row i is read at 2·wide·i and written at wide·i, which has been read already.
    void Gate(float* gateUp, float* result)
    {
        Span<float> gate = new(gateUp, wide), up = new(gateUp + wide, wide);
        Span<float> sigmoid = stackalloc float[wide];
        TensorPrimitives.Sigmoid(gate, sigmoid);
        TensorPrimitives.Multiply(gate, sigmoid, gate);
        TensorPrimitives.Multiply(gate, up, gate);
        gate.CopyTo(new Span<float>(result, wide));
    }

    // Rotates query and key in place, and puts key and value into the row's cache.
    void Store(int layer, (int Row, int Position) place, float* projected)
    {
        for (var at = 0; at < query + group; at += config.HeadSize)
            Rotate(projected + at, place.Position);
        var offset = CacheOffset(layer, place.Row) + (long)place.Position * group;
        new ReadOnlySpan<float>(projected + query, group).CopyTo(new Span<float>(keys.Pointer + offset, group));
        new ReadOnlySpan<float>(projected + query + group, group).CopyTo(new Span<float>(values.Pointer + offset, group));
    }

    long CacheOffset(int layer, int row) => ((long)layer * Capacity + row) * MaxLength * group;

    void Rotate(float* x, int position)
    {
        int size = config.HeadSize, half = size / 2, table = position * size;
        for (var i = 0; i < half; i++)
        {
            float a = x[i], b = x[i + half], c = cos[table + i], s = sin[table + i];
            x[i] = a * c - b * s;
            x[i + half] = b * c + a * s;
        }
    }

    void Attend(int layer, (int Row, int Position) place, float* projected, float* result)
    {
        int size = config.HeadSize, perGroup = config.NumAttentionHeads / config.NumKeyValueHeads, count = place.Position + 1;
        var offset = CacheOffset(layer, place.Row);
        Span<float> scores = count <= 1024 ? stackalloc float[count] : new float[count];
        var scale = 1 / MathF.Sqrt(size);
        for (var head = 0; head < config.NumAttentionHeads; head++)
        {
            var shared = head / perGroup * size;
            float* q = projected + head * size, k = keys.Pointer + offset + shared, v = values.Pointer + offset + shared, r = result + head * size;
            for (var p = 0; p < count; p++, k += group)
            {
                var sum = Vector256<float>.Zero;
                for (var i = 0; i < size; i += Vector256<float>.Count)
                    sum = Vector256.MultiplyAddEstimate(Vector256.Load(q + i), Vector256.Load(k + i), sum);
                scores[p] = Vector256.Sum(sum) * scale;
            }
            TensorPrimitives.SoftMax(scores, scores);
            new Span<float>(r, size).Clear();
            for (var p = 0; p < count; p++, v += group)
            {
                var weight = Vector256.Create(scores[p]);
                for (var i = 0; i < size; i += Vector256<float>.Count)
                    Vector256.Store(Vector256.MultiplyAddEstimate(weight, Vector256.Load(v + i), Vector256.Load(r + i)), r + i);
            }
        }
    }

    public void Dispose()
    {
        foreach (var buffer in (NativeBuffer[])[weights, keys, values, output, .. scratch])
            buffer.Dispose();
    }
}
