using System.Diagnostics;
using System.Numerics.Tensors;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>
/// Generated tokens a second at batch 64 beside an eager loop with a key-value cache in Python's torch, and beside a plain C loop on the same BLAS.
/// </summary>
public static class DecodeBenchmark
{
    const int Timed = 7, Rows = 64, Prompt = 64;

    /// <param name="args">Models to measure; none for the small ones.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"{Rows} rows, 128 tokens each (of the large model 8) after a prompt of {Prompt}; tokens/s, with the number of threads that served each side best");
        Console.WriteLine($"{"model",-7}{"parameters",12}{"rlef",14}{"Python",14}{"C",14}{"/Python",9}{"/C",7}{"FLOPs",8}{"memory",8}{"roof",8}");
        Dictionary<string, double> figures = new() { ["peak_gflops"] = Machine.FlopsPerSecond / 1e9, ["memory_gb_per_second"] = Machine.BytesPerSecond / 1e9 };
        foreach (var (name, config) in ReferenceModels.Select(args))
        {
            var generated = name == "large" ? 8 : 128;
            using var model = new Transformer(config);
            using var python = Peer.Python(config, "decode", ("rows", Rows), ("prompt", Prompt), ("generated", generated));
            using var c = Peer.C(config, Rows, Prompt, generated);
            using var alone = Decoders.Create(model, Rows, Prompt + generated, threads: 1);
            using var wide = Decoders.Create(model, Rows, Prompt + generated);
            var timings = await Rounds.CompareAsync(Timed, Contender.Ours(threads => Decode(threads == 1 ? alone : wide, config.VocabSize, generated)), python.Side, c.Side);
            var rates = timings.Select(t => Rows * generated / t.Milliseconds * 1e3).ToArray();
            var context = Prompt + generated / 2.0;
            var (flops, bytes) = (ModelCost.Flops(config, context), ModelCost.StepBytes(config, Rows, context) / Rows);
            var roof = 1 / Math.Max(flops / Machine.FlopsPerSecond, bytes / Machine.BytesPerSecond);
            var (flopsUsed, bytesUsed) = (rates[0] * flops / Machine.FlopsPerSecond, rates[0] * bytes / Machine.BytesPerSecond);
            Console.Write($"{name,-7}{model.ParameterCount,12:N0}");
            for (var i = 0; i < rates.Length; i++)
                Console.Write($"{$"{rates[i]:N0} ({timings[i].Threads})",14}");
            Console.WriteLine($"{rates[0] / rates[1],9:F2}{rates[0] / rates[2],7:F2}{flopsUsed,8:P0}{bytesUsed,8:P0}{rates[0] / roof,8:P0}");
            foreach (var (figure, value) in new (string, double)[] { ("tokens_per_second", rates[0]), ("python_tokens_per_second", rates[1]), ("c_tokens_per_second", rates[2]),
                ("python_ratio", rates[0] / rates[1]), ("c_ratio", rates[0] / rates[2]), ("flops_used", flopsUsed), ("memory_used", bytesUsed), ("roof_used", rates[0] / roof) })
                figures[$"{name}_{figure}"] = value;
        }
        Console.WriteLine("""
            FLOPs, memory: share of the machine's measured peak that the model's own arithmetic and traffic come to (MFU, and bandwidth used; a cache that holds
            the keys and values can pass 100 % of memory's). roof: share of what the tighter of the two would allow. The fused decoder makes no library call.
            """);
        Report.PrintJson("decode", figures);
        return 0;
    }

    // Milliseconds to generate, the most likely token each time.
    static double Decode(IDecoder decoder, int vocabulary, int generated)
    {
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var logits = new float[Rows * vocabulary];
        foreach (var row in rows)
            decoder.Reset(row);
        decoder.Append(rows, [.. rows.Select(r => (ReadOnlyMemory<int>)Enumerable.Range(r, Prompt).Select(i => i % vocabulary).ToArray())], logits);
        var started = Stopwatch.GetTimestamp();
        for (var step = 0; step < generated; step++)
            decoder.Append(rows, [.. rows.Select(r => (ReadOnlyMemory<int>)(int[])[TensorPrimitives.IndexOfMax(logits.AsSpan(r * vocabulary, vocabulary))])], logits);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
