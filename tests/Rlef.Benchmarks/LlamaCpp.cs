using System.Diagnostics;
using System.Numerics.Tensors;
using LLama;
using LLama.Common;
using LLama.Native;

namespace Rlef.Benchmarks;

/// <summary>llama.cpp on a GGUF file, as its package for processors comes: weights in the file's own types, keys and values in 16 bits.</summary>
sealed class LlamaCpp : IDisposable
{
    const string Name = "llama.cpp";

    readonly LLamaWeights weights;
    readonly LLamaContext context;

    /// <param name="rows">Most sequences at a time.</param>
    /// <param name="positions">Most tokens of a sequence.</param>
    public LlamaCpp(string path, int rows, int positions)
    {
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        var settings = new ModelParams(path) { ContextSize = (uint)(rows * positions), BatchSize = (uint)(rows * positions), SeqMax = (uint)rows, GpuLayerCount = 0 };
        weights = LLamaWeights.LoadFromFile(settings);
        context = weights.CreateContext(settings);
    }

    /// <summary>Generates the likeliest tokens after a prompt for each row; reading the prompts is not timed.</summary>
    public Contender Decoding(ReadOnlyMemory<int>[] prompts, int generated) => new(Name, threads =>
    {
        Begin(threads);
        var ends = Decode(prompts, 0);
        var started = Stopwatch.GetTimestamp();
        for (var step = 0; step < generated; step++)
            ends = Decode([.. ends.Select(at => (ReadOnlyMemory<int>)(int[])[TensorPrimitives.IndexOfMax(context.NativeHandle.GetLogitsIth(at))])], prompts[0].Length + step);
        return Task.FromResult(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    });

    /// <summary>Reads the prompts of all rows.</summary>
    public Contender Reading(ReadOnlyMemory<int>[] prompts) => new(Name, threads =>
    {
        Begin(threads);
        var started = Stopwatch.GetTimestamp();
        Decode(prompts, 0);
        return Task.FromResult(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    });

    void Begin(int threads)
    {
        (context.NativeHandle.GenerationThreads, context.NativeHandle.BatchThreads) = (threads, threads);
        context.NativeHandle.MemoryClear(true);
    }

    // Where in the batch the logits after each row's last token are.
    int[] Decode(ReadOnlyMemory<int>[] tokens, int position)
    {
        var batch = new LLamaBatch();
        var ends = new int[tokens.Length];
        for (var row = 0; row < tokens.Length; row++)
            for (var i = 0; i < tokens[row].Length; i++)
                ends[row] = batch.Add(tokens[row].Span[i], position + i, (LLamaSeqId)row, i == tokens[row].Length - 1);
        return context.NativeHandle.Decode(batch) == DecodeResult.Ok ? ends : throw new InvalidOperationException("llama.cpp has no room for these prompts.");
    }

    public void Dispose()
    {
        context.Dispose();
        weights.Dispose();
    }
}
