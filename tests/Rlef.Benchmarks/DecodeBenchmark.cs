using System.Diagnostics;
using System.Numerics.Tensors;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>Generated tokens a second at batch 64 beside an eager loop with a key-value cache in Python's torch.</summary>
public static class DecodeBenchmark
{
    const int Rounds = 5, Rows = 64, Prompt = 64, Generated = 128;

    /// <param name="args">Models to measure: nano, small; none for both.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"{"model",-7}{"parameters",12}{"rows",6}{"tokens/s",11}{"threads",9}{"Python",10}{"threads",9}{"ratio",7}   (higher is better)");
        Dictionary<string, double> figures = [];
        foreach (var (name, config) in ReferenceModels.Select(args))
        {
            using var model = new Transformer(config);
            using var python = PythonPeer.Start(config, "decode", ("rows", Rows), ("prompt", Prompt), ("generated", Generated));
            var (ours, threads, theirs, theirThreads) = await python.CompareAsync(Rounds, count =>
            {
                set_num_threads(count);
                using var decoder = Decoders.Create(model, Rows, Prompt + Generated);
                return Decode(decoder, config.VocabSize);
            });
            var (rate, pythonRate) = (Rows * Generated / ours * 1e3, Rows * Generated / theirs * 1e3);
            Console.WriteLine($"{name,-7}{model.ParameterCount,12:N0}{Rows,6}{rate,11:N0}{threads,9}{pythonRate,10:N0}{theirThreads,9}{rate / pythonRate,7:F2}");
            (figures[$"{name}_tokens_per_second"], figures[$"{name}_python_tokens_per_second"], figures[$"{name}_ratio"]) = (rate, pythonRate, rate / pythonRate);
        }
        PythonPeer.PrintJson("decode", figures);
        return 0;
    }

    // Milliseconds to generate, the most likely token each time.
    static double Decode(IDecoder decoder, int vocabulary)
    {
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var logits = new float[Rows * vocabulary];
        foreach (var row in rows)
            decoder.Reset(row);
        decoder.Append(rows, [.. rows.Select(r => (ReadOnlyMemory<int>)Enumerable.Range(r, Prompt).Select(i => i % vocabulary).ToArray())], logits);
        var started = Stopwatch.GetTimestamp();
        for (var step = 0; step < Generated; step++)
            decoder.Append(rows, [.. rows.Select(r => (ReadOnlyMemory<int>)(int[])[TensorPrimitives.IndexOfMax(logits.AsSpan(r * vocabulary, vocabulary))])], logits);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
