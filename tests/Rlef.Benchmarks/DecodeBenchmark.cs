using System.Diagnostics;
using System.Numerics.Tensors;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>
/// Generated tokens a second at batch 64 beside an eager loop with a key-value cache in Python's torch, beside transformers where that Python has it, and beside
/// a plain C loop on the same BLAS.
/// </summary>
public static class DecodeBenchmark
{
    const int Timed = 7, Rows = 64, Prompt = 64;

    /// <param name="args">Models to measure; none for the small ones.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"{Rows} rows, 128 tokens each (of the large model 8) after a prompt of {Prompt}; tokens/s, with the number of threads that served each side best");
        Console.WriteLine($"{"model",-7}{"parameters",12}{"rlef",14}{"FLOPs",8}{"memory",8}{"roof",8}");
        IReadOnlyList<(string, string)> versions = [];
        Dictionary<string, double> figures = new() { ["peak_gflops"] = Machine.FlopsPerSecond / 1e9, ["memory_gb_per_second"] = Machine.BytesPerSecond / 1e9 };
        foreach (var (name, config) in ReferenceModels.Select(args))
        {
            var generated = name == "large" ? 8 : 128;
            using var model = new Transformer(config);
            using var python = new PythonPeers(config, "decode", ("rows", Rows), ("prompt", Prompt), ("generated", generated));
            versions = python.Versions;
            using var c = Peer.C(config, Rows, Prompt, generated);
            using var alone = Decoders.Create(model, Rows, Prompt + generated, threads: 1);
            using var wide = Decoders.Create(model, Rows, Prompt + generated);
            var timings = await Rounds.CompareAsync(Timed, [Contender.Ours(threads => Decode(threads == 1 ? alone : wide, config.VocabSize, generated)), .. python.Sides, c.Side]);
            double Rate(double milliseconds) => Rows * generated / milliseconds * 1e3;
            var rate = Rate(timings[0].Milliseconds);
            var context = Prompt + generated / 2.0;
            var (flops, bytes) = (ModelCost.Flops(config, context), ModelCost.StepBytes(config, Rows, context) / Rows);
            var roof = 1 / Math.Max(flops / Machine.FlopsPerSecond, bytes / Machine.BytesPerSecond);
            var (flopsUsed, bytesUsed) = (rate * flops / Machine.FlopsPerSecond, rate * bytes / Machine.BytesPerSecond);
            Console.WriteLine($"{name,-7}{model.ParameterCount,12:N0}{$"{rate:N0} ({timings[0].Threads})",14}{flopsUsed,8:P0}{bytesUsed,8:P0}{rate / roof,8:P0}");
            foreach (var (figure, value) in new (string, double)[] { ("tokens_per_second", rate), ("flops_used", flopsUsed), ("memory_used", bytesUsed), ("roof_used", rate / roof) })
                figures[$"{name}_{figure}"] = value;
            Beside.Report(name, rate, "tokens_per_second", [.. python.Measured(timings.Skip(1), Rate), new("C", Rate(timings[^1].Milliseconds), timings[^1].Threads)], figures);
        }
        Console.WriteLine("""
            FLOPs, memory: share of the machine's measured peak that the model's own arithmetic and traffic come to (MFU, and bandwidth used; a cache that holds
            the keys and values can pass 100 % of memory's). roof: share of what the tighter of the two would allow. The fused decoder dispatches no operator.
            """);
        Report.PrintJson("decode", figures, versions);
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
