using System.Diagnostics;
using System.Text.Json;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>The nano policy beside the same model in Python's torch, on the same library and threads; rounds interleaved, medians.</summary>
static class PolicyBenchmark
{
    const int Rounds = 5, Batch = 32, Length = 128, Rows = 64, Prompt = 32, Generated = 96;
    static readonly ModelConfig Config = ModelConfig.Nano(512);

    public static Task<int> TrainAsync()
    {
        using var model = new Transformer(Config);
        using var optimizer = optim.AdamW(model.Parameters.Values, 1e-4);
        var random = new Random(1);
        List<SupervisedTrainer.Example> batch = [.. Enumerable.Range(0, Batch).Select(_ => new SupervisedTrainer.Example(
            [.. Enumerable.Range(0, Length).Select(_ => random.Next(Config.VocabSize))], [.. Enumerable.Range(0, Length).Select(t => t > 0)]))];
        return CompareAsync("train", "step_ms", higherIsBetter: false, () =>
        {
            var started = Stopwatch.GetTimestamp();
            using var scope = NewDisposeScope();
            var loss = SupervisedTrainer.Loss(model, batch);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        });
    }

    public static Task<int> DecodeAsync()
    {
        using var model = new Transformer(Config);
        using var decoder = Decoders.Create(model, Rows, Prompt + Generated);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var logits = new float[Rows * Config.VocabSize];
        return CompareAsync("decode", "tokens_per_second", higherIsBetter: true, () =>
        {
            var prompt = Enumerable.Range(0, Rows).Select(r => (ReadOnlyMemory<int>)Enumerable.Range(r, Prompt).Select(i => i % Config.VocabSize).ToArray()).ToArray();
            foreach (var row in rows)
                decoder.Reset(row);
            decoder.Append(rows, prompt, logits);
            var started = Stopwatch.GetTimestamp();
            for (var step = 0; step < Generated; step++)
            {
                var next = rows.Select(r => (ReadOnlyMemory<int>)new[] { Best(logits.AsSpan(r * Config.VocabSize, Config.VocabSize)) }).ToArray();
                decoder.Append(rows, next, logits);
            }
            return Rows * Generated / Stopwatch.GetElapsedTime(started).TotalSeconds;
        });
    }

    static int Best(ReadOnlySpan<float> logits) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);

    // The Python side runs one round for every line that it is sent, so that the two take turns.
    static async Task<int> CompareAsync(string name, string unit, bool higherIsBetter, Func<double> ours)
    {
        var threads = get_num_threads();
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "reference_model.py"), name, $"{threads}",
            $"{Config.HiddenSize}", $"{Config.IntermediateSize}", $"{Config.NumHiddenLayers}", $"{Config.NumAttentionHeads}", $"{Config.NumKeyValueHeads}",
            $"{Config.VocabSize}", $"{Batch}", $"{Length}", $"{Rows}", $"{Prompt}", $"{Generated}"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var python = Process.Start(start)!;
        List<double> mine = [], theirs = [];
        for (var round = 0; round <= Rounds; round++)
        {
            await python.StandardInput.WriteLineAsync("go");
            await python.StandardInput.FlushAsync();
            var answer = await python.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Python's torch is missing: apt-get install python3-torch");
            var value = ours();
            if (round == 0)
                continue;   // warm-up
            theirs.Add(double.Parse(answer, System.Globalization.CultureInfo.InvariantCulture));
            mine.Add(value);
        }
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
        var ratio = Median(mine) / Median(theirs);
        Console.WriteLine($"{name}: {unit} {Median(mine):F1}, Python's torch {Median(theirs):F1}; ratio {ratio:F2} ({(higherIsBetter ? "higher" : "lower")} is better), {threads} threads");
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["benchmark"] = name,
            [unit] = Math.Round(Median(mine), 2),
            ["python_" + unit] = Math.Round(Median(theirs), 2),
            ["ratio"] = Math.Round(ratio, 3),
            ["threads"] = threads,
        }));
        return 0;
    }
}
