using System.Diagnostics;
using System.Numerics.Tensors;
using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Benchmarks;

/// <summary>
/// Generated tokens a second of many rows beside an eager loop with a key-value cache in Python's torch, beside transformers where that Python has it, beside
/// llama.cpp where the model is a GGUF file, and on the CPU beside a plain C loop on the same BLAS.
/// </summary>
public static class DecodeBenchmark
{
    const int Prompt = 64;

    /// <param name="args">See <see cref="Target.Parse"/>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var target = Target.Parse(args);
        var (peak, rows) = (target.Roof(), target.Rows);
        Console.WriteLine($"{rows} rows on {target}, the most likely token each time, after a prompt of {Prompt}; tokens/s, with the number of threads that served each side best");
        Console.WriteLine($"{"model",-8}{"parameters",12}{"generated",10}{"rlef",14}{"FLOPs",8}{"memory",8}{"roof",8}{"product",9}");
        IReadOnlyList<(string, string)> versions = [];
        var figures = peak.Figures;
        foreach (var measured in target.Models)
        {
            var (name, config) = (measured.Name, measured.Config);
            var generated = target.IsQuick(config) ? 128 : 16;
            using var model = target.Create(measured);
            using var python = new PythonPeers(target, config, "decode", ("rows", rows), ("prompt", Prompt), ("generated", generated));
            versions = python.Versions;
            using var llama = measured.File is null ? null : new LlamaCpp(measured.File, rows, Prompt + generated);
            // The C loop is a Llama of 32-bit floats on the CPU; for a file llama.cpp takes its place.
            using var c = llama is null && target is { IsCuda: false, ElementSize: 4 } && config.ModelType == "llama" ? Peer.C(config, rows, Prompt, generated) : null;
            using var wide = Decoders.Create(model, rows, Prompt + generated + 1);
            using var alone = wide is FusedDecoder ? Decoders.Create(model, rows, Prompt + generated + 1, threads: 1) : null;
            Contender[] others = [.. python.Sides, .. llama is null ? [] : new[] { llama.Decoding(Prompts(rows, config.VocabSize), generated) }, .. c is null ? [] : new[] { c.Side }];
            var timings = await Rounds.CompareAsync(target.RoundsOf(config), target.MaxThreads,
                [Contender.Ours(threads => Decode(threads == 1 && alone is not null ? alone : wide, rows, config.VocabSize, generated)), .. others]);
            double Rate(double milliseconds) => rows * generated / milliseconds * 1e3;
            var rate = Rate(timings[0].Milliseconds);
            var context = Prompt + generated / 2.0;
            var (flops, bytes) = (ModelCost.Flops(config, context), ModelCost.StepBytes(config, rows, context, target.ElementSize) / rows);
            var roof = 1 / Math.Max(flops / peak.FlopsPerSecond, bytes / peak.BytesPerSecond);
            var (flopsUsed, bytesUsed, product) = (rate * flops / peak.FlopsPerSecond, rate * bytes / peak.BytesPerSecond, rate * flops / peak.Product);
            Console.WriteLine($"{name,-8}{model.ParameterCount,12:N0}{generated,10}{$"{rate:N0} ({timings[0].Threads})",14}{flopsUsed,8:P0}{bytesUsed,8:P0}{rate / roof,8:P0}{product,9:P0}");
            foreach (var (figure, value) in new (string, double)[] { ("tokens_per_second", rate), ("flops_used", flopsUsed), ("memory_used", bytesUsed), ("roof_used", rate / roof), ("product_used", product) })
                figures[$"{name}_{figure}"] = value;
            Beside.Report(name, rate, "tokens_per_second", others, timings.Skip(1), Rate, figures);
        }
        Console.WriteLine("""
            FLOPs, memory: share of the device's peak, measured or given by --peak, that the model's own arithmetic and traffic come to (MFU, and bandwidth used; a cache that holds
            the keys and values can pass 100 % of memory's). roof: share of what the tighter of the two would allow. product: the model's arithmetic as a share of libtorch's own product of large matrices in bfloat16. The fused decoder dispatches no operator.
            """);
        Report.PrintJson("decode", figures, [.. target.Names, .. versions]);
        return 0;
    }

    // Milliseconds to generate, the most likely token each time.
    static double Decode(IDecoder decoder, int rows, int vocabulary, int generated)
    {
        int[] all = [.. Enumerable.Range(0, rows)];
        foreach (var row in all)
            decoder.Reset(row);
        var prompts = Prompts(rows, vocabulary);
        return decoder.Block > 1 ? OnDevice(decoder, prompts, generated) : OnHost(decoder, all, prompts, vocabulary, generated);
    }

    static ReadOnlyMemory<int>[] Prompts(int rows, int vocabulary) =>
        [.. Enumerable.Range(0, rows).Select(r => (ReadOnlyMemory<int>)Enumerable.Range(r, Prompt).Select(i => i % vocabulary).ToArray())];

    static double OnHost(IDecoder decoder, int[] rows, ReadOnlyMemory<int>[] prompts, int vocabulary, int generated)
    {
        var logits = new float[rows.Length * vocabulary];
        decoder.Append(rows, prompts, logits);
        var started = Stopwatch.GetTimestamp();
        for (var step = 0; step < generated; step++)
            decoder.Append(rows, [.. rows.Select(r => (ReadOnlyMemory<int>)(int[])[TensorPrimitives.IndexOfMax(logits.AsSpan(r * vocabulary, vocabulary))])], logits);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    // The first token of each response comes with the prompt, and is not timed.
    static double OnDevice(IDecoder decoder, ReadOnlyMemory<int>[] prompts, int generated)
    {
        var greedy = new Sampling(0);
        OpenResponse[] first = [.. prompts.Select((p, row) => new OpenResponse(row, p, RandomStream.For(1, row), greedy with { MaxTokens = 1 }, _ => false))];
        decoder.Sample(first);
        OpenResponse[] responses = [.. first.Select(r => new OpenResponse(r.Row, r.Pending, RandomStream.For(1, r.Row), greedy with { MaxTokens = generated }, _ => false))];
        var started = Stopwatch.GetTimestamp();
        while (!responses[0].Ended)
            decoder.Sample(responses);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
