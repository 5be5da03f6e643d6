using System.Diagnostics;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>Forward and backward over sequences of unequal length, packed one behind the other, beside the same in rows padded to the longest of their part.</summary>
static class PackBenchmark
{
    const int Timed = 5, Sequences = 64, Shortest = 60, Longest = 370;

    public static async Task<int> RunAsync()
    {
        var config = ReferenceModels.All["nano"];
        using var model = new Transformer(config);
        var random = new Random(1);
        int[][] sequences = [.. Enumerable.Range(0, Sequences).Select(_ => Enumerable.Range(0, random.Next(Shortest, Longest + 1)).Select(_ => random.Next(config.VocabSize)).ToArray())];
        Console.WriteLine($"{Sequences} sequences of {Shortest} to {Longest} tokens, both sides sorted by length");
        Console.WriteLine($"{"part",6}{"padding",9}{"packed ms",11}{"padded ms",11}{"ratio",7}   (lower is better)");
        Dictionary<string, double> figures = [];
        foreach (var most in (int[])[2048, 8192])
        {
            List<int[][]> packed = Parts(sequences, most, (count, sum, width) => sum), padded = Parts(sequences, most, (count, sum, width) => count * width);
            var padding = 1 - sequences.Sum(s => s.Length) / (double)padded.Sum(p => p.Length * p[^1].Length);
            var timings = await Rounds.CompareAsync(Timed, Contender.Ours(threads => Round(packed, Packed, threads)), Contender.Ours(threads => Round(padded, Padded, threads)));
            var (ours, other) = (timings[0].Milliseconds, timings[1].Milliseconds);
            Console.WriteLine($"{most,6}{padding,9:P0}{ours,11:F0}{other,11:F0}{ours / other,7:F2}");
            (figures[$"padding_{most}"], figures[$"packed_ms_{most}"], figures[$"padded_ms_{most}"], figures[$"ratio_{most}"]) = (padding, ours, other, ours / other);
        }
        Report.PrintJson("pack", figures);
        return 0;

        double Round(List<int[][]> parts, Func<Transformer, int[][], Tensor> hidden, int threads)
        {
            set_num_threads(threads);
            using var replicas = new Replicas(model, count: threads);
            var started = Stopwatch.GetTimestamp();
            replicas.ForEach(parts, p => p.Sum(s => s.Length), (view, part) =>
            {
                using var scope = NewDisposeScope();
                view.Policy.Logits(hidden(view.Policy, part)).log_softmax(-1).select(-1, 0).mean().backward();
                return 0;
            });
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    // As many of the sorted sequences together as the size of the part allows.
    static List<int[][]> Parts(int[][] sequences, int most, Func<int, int, int, int> size)
    {
        List<List<int[]>> parts = [[]];
        foreach (var sequence in sequences.OrderBy(s => s.Length))
        {
            if (parts[^1].Count > 0 && size(parts[^1].Count + 1, parts[^1].Sum(s => s.Length) + sequence.Length, sequence.Length) > most)
                parts.Add([]);
            parts[^1].Add(sequence);
        }
        return [.. parts.Select(p => p.ToArray())];
    }

    static Tensor Packed(Transformer model, int[][] part) => model.Hidden(tensor([.. part.SelectMany(s => s).Select(id => (long)id)], [1, part.Sum(s => s.Length)]),
        [.. part.Select(s => s.Length)]);

    static Tensor Padded(Transformer model, int[][] part)
    {
        var width = part.Max(s => s.Length);
        var real = part.SelectMany((s, row) => Enumerable.Range(row * width, s.Length)).Select(p => (long)p);
        return model.Hidden(tensor([.. part.SelectMany(s => s.Concat(Enumerable.Repeat(0, width - s.Length))).Select(id => (long)id)], [part.Length, width]))
            .reshape(-1, model.Config.HiddenSize).index_select(0, tensor([.. real]));
    }
}
