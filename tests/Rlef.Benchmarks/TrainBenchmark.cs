using System.Diagnostics;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>A training step (forward, backward, AdamW) beside the same in Python's torch, and in transformers where that Python has it.</summary>
public static class TrainBenchmark
{
    /// <param name="args">See <see cref="Target.Parse"/>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var target = Target.Parse(args);
        var peak = target.Roof();
        Console.WriteLine($"On {target}{(target.ElementSize == 4 ? "" : ", with master weights in 32 bits, Python's sides by autocast")}");
        Console.WriteLine($"{"model",-8}{"parameters",12}{"batch",10}{"step ms",10}{"threads",9}{"MFU",7}{"product",9}{"peak MB",10}   (lower ratio is better)");
        IReadOnlyList<(string, string)> versions = [];
        var figures = peak.Figures;
        foreach (var measured in target.Models)
        {
            var (name, config) = (measured.Name, measured.Config);
            var (batch, length) = name switch { "nano" => (32, 128), "small" => (16, 384), "qwen05b" when target.IsCuda => (1, 4096), _ => (4, 256) };
            using var model = target.Create(measured);
            using var weights = new MasterWeights(model.Trained);
            using var optimizer = new AdamW(weights.Parameters);
            var random = new Random(1);
            List<SupervisedTrainer.Example> examples = [.. Enumerable.Range(0, batch).Select(_ => new SupervisedTrainer.Example(
                [.. Enumerable.Range(0, length).Select(_ => random.Next(config.VocabSize))], [.. Enumerable.Range(0, length).Select(t => t > 0)]))];
            using var python = new PythonPeers(target, config, "train", ("batch", batch), ("length", length));
            versions = python.Versions;
            Contender[] others = [.. python.Sides];
            var timings = await Rounds.CompareAsync(target.RoundsOf(config), target.MaxThreads, [Contender.Ours(count =>
            {
                set_num_threads(count);
                ResetPeak(target.Device);
                var started = Stopwatch.GetTimestamp();
                using var replicas = new Replicas(model, count: count);
                optimizer.ClearGradients();
                SupervisedTrainer.Backward(replicas, examples);
                weights.Collect();
                optimizer.Step(1e-4);
                weights.Publish();
                if (target.IsCuda)
                    cuda.synchronize();
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }), .. others]);
            var (ours, threads) = timings[0];
            // A backward pass costs twice a forward pass.
            var flops = 3 * batch * length * ModelCost.Flops(config, length / 2.0) / (ours / 1e3);
            var (used, product) = (flops / peak.FlopsPerSecond, flops / peak.Product);
            var bytes = ProcessMemory.PeakBytes ?? 0;
            Console.WriteLine($"{name,-8}{model.ParameterCount,12:N0}{$"{batch}x{length}",10}{ours,10:F1}{threads,9}{used,7:P0}{product,9:P0}{bytes / 1e6,10:N0}");
            (figures[$"{name}_step_ms"], figures[$"{name}_mfu"], figures[$"{name}_product_used"]) = (ours, used, product);
            figures[$"{name}_peak_bytes"] = bytes;
            Beside.Report(name, ours, "step_ms", others, timings.Skip(1), milliseconds => milliseconds, figures);
        }
        Report.PrintJson("train", figures, [.. target.Names, .. versions]);
        return 0;
    }

    static void ResetPeak(Device device)
    {
        ProcessMemory.ResetPeak();
    }
}
