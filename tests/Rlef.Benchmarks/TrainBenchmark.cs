using System.Diagnostics;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>A training step (forward, backward, AdamW) beside the same in Python's torch, and in transformers where that Python has it.</summary>
public static class TrainBenchmark
{
    const int Timed = 7;

    /// <param name="args">Models to measure; none for the small ones.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"{"model",-7}{"parameters",12}{"batch",10}{"step ms",10}{"threads",9}{"MFU",7}   (lower ratio is better)");
        IReadOnlyList<(string, string)> versions = [];
        Dictionary<string, double> figures = new() { ["peak_gflops"] = Machine.FlopsPerSecond / 1e9 };
        foreach (var (name, config) in ReferenceModels.Select(args))
        {
            var (batch, length) = name switch { "nano" => (32, 128), "small" => (16, 384), _ => (4, 256) };
            using var model = new Transformer(config);
            using var optimizer = optim.AdamW(model.Parameters.Values, 1e-4, weight_decay: 0.01);
            var random = new Random(1);
            List<SupervisedTrainer.Example> examples = [.. Enumerable.Range(0, batch).Select(_ => new SupervisedTrainer.Example(
                [.. Enumerable.Range(0, length).Select(_ => random.Next(config.VocabSize))], [.. Enumerable.Range(0, length).Select(t => t > 0)]))];
            using var python = new PythonPeers(config, "train", ("batch", batch), ("length", length));
            versions = python.Versions;
            var timings = await Rounds.CompareAsync(Timed, [Contender.Ours(count =>
            {
                set_num_threads(count);
                var started = Stopwatch.GetTimestamp();
                using var replicas = new Replicas(model, count: count);
                optimizer.zero_grad();
                SupervisedTrainer.Backward(replicas, examples);
                optimizer.step();
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }), .. python.Sides]);
            var (ours, threads) = timings[0];
            // A backward pass costs twice a forward pass.
            var used = 3 * batch * length * ModelCost.Flops(config, length / 2.0) / (ours / 1e3) / Machine.FlopsPerSecond;
            Console.WriteLine($"{name,-7}{model.ParameterCount,12:N0}{$"{batch}x{length}",10}{ours,10:F1}{threads,9}{used,7:P0}");
            (figures[$"{name}_step_ms"], figures[$"{name}_mfu"]) = (ours, used);
            Beside.Report(name, ours, "step_ms", python.Measured(timings.Skip(1), milliseconds => milliseconds), figures);
        }
        Report.PrintJson("train", figures, versions);
        return 0;
    }
}
