using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// The decoder for Llama, Qwen 2 and Qwen 3 on the CPU: all layers of a handful of tokens in one pass over packed weights, with no tensor in between. It
/// computes in 32 bits, also where the model's weights have 16. Rows are shared out to threads once a call; a single row has the other threads help with its large products. A row's logits are the
/// same to the bit whatever other rows are decoded with it and however its tokens are cut into calls.
/// </summary>
public sealed unsafe class FusedDecoder : IDecoder
{
    // Tokens that pass through the layers together: enough to reuse the weights, few enough to stay in the cache.
    const int Chunk = 8 * PackedMatrix.RowBlock;

    readonly ModelConfig config;
    readonly FusedWeights weights;
    readonly KeyValueCache cache;
    readonly int[] lengths;
    readonly FusedStep[] workers;
    readonly Crew? crew;
    bool disposed;

    public FusedDecoder(Transformer model, int capacity, int maxLength, int? threads = null)
    {
        config = model.Config;
        if (!CanDecode(model))
            throw new ArgumentException("The model is no Llama, Qwen 2 or Qwen 3 on the CPU; use TensorDecoder.", nameof(model));
        if (maxLength > config.MaxPositionEmbeddings)
            throw new ArgumentOutOfRangeException(nameof(maxLength), $"{maxLength} tokens exceed the model's {config.MaxPositionEmbeddings} positions.");
        (Model, MaxLength) = (model, maxLength);
        lengths = new int[capacity];
        weights = new FusedWeights(model, maxLength);
        cache = new KeyValueCache(config, capacity, maxLength);
        workers = [.. Enumerable.Range(0, Math.Max(1, threads ?? Cores.Count)).Select(_ => new FusedStep(config, weights, cache, Chunk))];
        crew = workers.Length > 1 && weights.HasLargeProducts ? new Crew(workers.Length - 1) : null;
    }

    /// <summary>Whether the model is one that this decoder serves.</summary>
    public static bool CanDecode(Transformer model) => !model.Config.IsGpt2 && model.Device.type == DeviceType.CPU
        && model.Parameters.Values.All(p => p.dtype is ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 && p.is_contiguous());

    public Transformer Model { get; }
    public int Capacity => lengths.Length;
    public int VocabularySize => config.VocabSize;
    public int MaxLength { get; }
    public int Length(int row) => lengths[row];
    public void Reset(int row) => lengths[row] = 0;

    public void CopyPrefix(int from, int length, int row)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, lengths[from]);
        if (from != row)
            cache.Copy(from, length, row);
        lengths[row] = length;
    }

    public void Refresh()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        weights.Refresh();
    }

    public void Append(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, Span<float> logits)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!logits.IsEmpty && logits.Length < (long)rows.Length * config.VocabSize)
            throw new ArgumentException($"{logits.Length} floats do not hold the logits of {rows.Length} rows.", nameof(logits));
        var work = new FusedStep.Work[rows.Length];
        var total = 0L;
        for (var i = 0; i < rows.Length; i++)
        {
            var (start, fresh) = (lengths[rows[i]], tokens[i]);
            if (start + fresh.Length > MaxLength)
                throw new InvalidOperationException($"A dialogue of {start + fresh.Length} tokens does not fit the decoder's {MaxLength}.");
            if (fresh.IsEmpty || fresh.Span.ContainsAnyExceptInRange(0, config.VocabSize - 1))
                throw new ArgumentException($"Row {rows[i]} needs at least one token, each within 0 and {config.VocabSize - 1}.", nameof(tokens));
            total += Cost(work[i] = new(rows[i], start, fresh, logits.IsEmpty ? -1 : i));
        }
        fixed (float* target = logits)
        {
            var address = (nint)target;
            var parts = Split(work, total);
            if (parts.Count == 1 && crew is not null)
                crew.Run(() => workers[0].Run(work, (float*)address, crew));
            else if (parts.Count == 1)
                workers[0].Run(work, (float*)address);
            else
                Parallel.For(0, parts.Count, i => workers[i].Run(work.AsSpan(parts[i]), (float*)address));
        }
        foreach (var item in work)
            lengths[item.Row] += item.Tokens.Length;
    }

    // Multiplications of the layers and, over the row's length, of attention.
    long Cost(FusedStep.Work work) => work.Tokens.Length * (long)config.NumHiddenLayers
        * (4L * config.HiddenSize * config.AttentionSize + 3L * config.HiddenSize * config.IntermediateSize + 4L * config.AttentionSize * (work.Start + work.Tokens.Length));

    // Runs of rows of about the same cost, one a thread.
    List<Range> Split(FusedStep.Work[] work, long total)
    {
        var parts = Math.Min(workers.Length, work.Length);
        List<Range> ranges = [];
        var (begin, done) = (0, 0L);
        for (var i = 0; i < work.Length; i++)
        {
            var cost = Cost(work[i]);
            done += cost;
            if (i + 1 == work.Length || ranges.Count + 1 < parts && done + cost / 2 >= total * (ranges.Count + 1) / parts)
            {
                ranges.Add(begin..(i + 1));
                begin = i + 1;
            }
        }
        return ranges;
    }

    public void Dispose()
    {
        disposed = true;
        foreach (var worker in workers)
            worker.Dispose();
        cache.Dispose();
        weights.Dispose();
    }
}
