using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Rlef.Execution;

namespace Rlef.Benchmarks;

/// <summary>Tests a second, small programs, the same number at once for every way; rounds interleaved, medians.</summary>
static class SandboxBenchmark
{
    const int Rounds = 5, TestsPerProgram = 10;
    const string Program = "print(sum(int(x) for x in input().split()))";

    public static async Task<int> RunAsync()
    {
        await using var sandbox = await LocalSandbox.StartAsync();
        var workers = Environment.ProcessorCount;
        Dictionary<string, List<double>> rates = new() { ["fresh"] = [], ["fork_per_test"] = [], ["fork_per_program"] = [] };
        List<double> latencies = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var fresh = await RateAsync(workers, 60, async () => { await FreshAsync(); return 1; });
            var perTest = await RateAsync(workers * 2, 600, async () => await SandboxedAsync(sandbox, 1, Isolation.PerTest));
            var perProgram = await RateAsync(workers * 2, 300, async () => await SandboxedAsync(sandbox, TestsPerProgram, Isolation.PerProgram));
            for (var i = 0; i < 50; i++)
            {
                var started = Stopwatch.GetTimestamp();
                await SandboxedAsync(sandbox, 1, Isolation.PerTest);
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            if (round == 0)
                continue;   // warm-up
            rates["fresh"].Add(fresh);
            rates["fork_per_test"].Add(perTest);
            rates["fork_per_program"].Add(perProgram);
        }
        var median = rates.ToDictionary(r => r.Key, r => Median(r.Value));
        foreach (var (way, rate) in median)
            Console.WriteLine($"{way,-18} {rate,8:F0} tests/s   {rate / median["fresh"],6:F1} x fresh");
        Console.WriteLine($"one isolated test  {Median(latencies):F2} ms");
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "sandbox",
            workers,
            fresh = Math.Round(median["fresh"], 1),
            fork_per_test = Math.Round(median["fork_per_test"], 1),
            fork_per_program = Math.Round(median["fork_per_program"], 1),
            per_test_ratio = Math.Round(median["fork_per_test"] / median["fresh"], 2),
            per_program_ratio = Math.Round(median["fork_per_program"] / median["fresh"], 2),
            latency_ms = Math.Round(Median(latencies), 3),
        }));
        return 0;
    }

    static async Task<double> RateAsync(int parallel, int calls, Func<Task<int>> call)
    {
        var started = Stopwatch.GetTimestamp();
        var tests = 0;
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = parallel },
            async (_, _) => Interlocked.Add(ref tests, await call()));
        return tests / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static async Task FreshAsync()
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-I", "-S", "-c", Program]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync("1 2 3\n");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (output != "6\n")
            throw new InvalidOperationException("A fresh interpreter gave a wrong answer.");
    }

    static async Task<int> SandboxedAsync(ISandbox sandbox, int tests, Isolation isolation)
    {
        var inputs = Enumerable.Repeat("1 2 3\n", tests).ToImmutableArray();
        var results = await sandbox.RunAsync(new(Program, inputs, null, Limits.Default, isolation));
        return results.All(r => r.Output == "6\n") ? tests : throw new InvalidOperationException("The sandbox gave a wrong answer.");
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
