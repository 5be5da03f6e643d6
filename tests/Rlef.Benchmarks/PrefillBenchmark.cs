using System.Diagnostics;
using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>Prompt tokens a second into an empty key-value cache, beside the same in Python's torch, in transformers where that Python has it, and in llama.cpp where the model is a GGUF file: prompts of one length, and of many.</summary>
public static class PrefillBenchmark
{
    const int Rows = 32, Longest = 256, Shortest = 16;

    /// <param name="args">See <see cref="Target.Parse"/>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var target = Target.Parse(args);
        var peak = target.Roof();
        Console.WriteLine($"{Rows} prompts on {target}; prompt tokens/s, with the number of threads that served each side best; Python pads prompts of many lengths to the longest");
        Console.WriteLine($"{"model",-8}{"parameters",12}{"lengths",9}{"rlef",14}{"FLOPs",8}{"product",9}   (higher is better)");
        IReadOnlyList<(string, string)> versions = [];
        var figures = peak.Figures;
        foreach (var measured in target.Models)
        {
            var (name, config) = (measured.Name, measured.Config);
            using var model = target.Create(measured);
            using var llama = measured.File is null ? null : new LlamaCpp(measured.File, Rows, Longest);
            using var python = new PythonPeers(target, config, "prefill", ("rows", Rows), ("prompt", Longest));
            versions = python.Versions;
            foreach (var (kind, lengths) in new[] { ("equal", Enumerable.Repeat(Longest, Rows)), ("mixed", Enumerable.Range(0, Rows).Select(r => Shortest + (Longest - Shortest) * r / (Rows - 1))) })
            {
                ReadOnlyMemory<int>[] prompts = [.. lengths.Select((n, r) => (ReadOnlyMemory<int>)Enumerable.Range(r, n).Select(i => i % config.VocabSize).ToArray())];
                Contender[] others = [.. python.Sides, .. llama is null ? [] : new[] { llama.Reading(prompts) }];
                var timings = await Rounds.CompareAsync(target.RoundsOf(config), target.MaxThreads, [Contender.Ours(threads =>
                {
                    using var decoder = Decoders.Create(model, Rows, Longest, threads);
                    var logits = new float[Rows * config.VocabSize];
                    var started = Stopwatch.GetTimestamp();
                    decoder.Append([.. Enumerable.Range(0, Rows)], prompts, logits);
                    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                }), .. others]);
                var tokens = prompts.Sum(p => p.Length);
                double Rate(double milliseconds) => tokens / milliseconds * 1e3;
                var rate = Rate(timings[0].Milliseconds);
                // The head follows the last token of a row only.
                var flops = prompts.Average(p => ModelCost.Flops(config, p.Length / 2.0)) - 2.0 * config.HiddenSize * config.VocabSize * (1 - (double)Rows / tokens);
                var (used, product) = (rate * flops / peak.FlopsPerSecond, rate * flops / peak.Product);
                Console.WriteLine($"{name,-8}{model.ParameterCount,12:N0}{kind,9}{$"{rate:N0} ({timings[0].Threads})",14}{used,8:P0}{product,9:P0}");
                (figures[$"{name}_{kind}_tokens_per_second"], figures[$"{name}_{kind}_flops_used"], figures[$"{name}_{kind}_product_used"]) = (rate, used, product);
                Beside.Report($"{name}_{kind}", rate, "tokens_per_second", others, timings.Skip(1), Rate, figures);
            }
        }
        Report.PrintJson("prefill", figures, [.. target.Names, .. versions]);
        return 0;
    }
}
