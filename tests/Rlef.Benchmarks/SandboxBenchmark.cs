using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Rlef.Core.Tests.Execution;
using Rlef.Execution;

namespace Rlef.Benchmarks;

/// <summary>Tests a second, small programs, every way in turn; medians of the rounds.</summary>
static class SandboxBenchmark
{
    const int Rounds = 9, TestsPerProgram = 10, Starts = 5;
    const string Program = "print(sum(int(x) for x in input().split()))", Importing = $"import {Packages}\n{Program}";

    // What programs of competitions import most often.
    const string Packages = "numpy,sortedcontainers,networkx";

    public static async Task<int> RunAsync()
    {
        var (daemon, reason) = await DockerDaemon.StartAsync();
        await using var _ = daemon;
        using var client = daemon?.Connect();
        await using var local = await LocalSandbox.StartAsync();
        await using var docker = daemon is null ? null : await DockerSandbox.StartAsync(new() { Endpoint = daemon.Endpoint, Runtime = "runc" });
        await using var packaged = await PackagedAsync(Environment.ProcessorCount);
        List<(string Name, int Parallel, int Calls, Func<Task<int>> Call)> ways = [("fresh", 1, 60, () => FreshAsync("-S", Program)), .. Ways("", local)];
        if (packaged is not null)
            ways.AddRange([.. Ways("packages_", packaged), ("packages_import_per_test", 2, 600, () => SandboxedAsync(packaged, 1, Isolation.PerTest, Importing)),
                ("fresh_import", 1, 20, () => FreshAsync("-B", Importing))]);
        if (docker is not null)
        {
            var image = (await client!.Images.ListImagesAsync(new()))[0].ID;
            ways.AddRange([.. Ways("docker_", docker), ("docker_run", 1, 6, async () => await DockerRunAsync(client, image))]);
        }
        else
            Console.WriteLine($"without Docker: {reason}");
        var rates = ways.ToDictionary(w => w.Name, _ => new List<double>());
        var latencies = new Dictionary<string, List<double>> { ["latency_ms"] = [], ["docker_latency_ms"] = [], ["packages_latency_ms"] = [] };
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, parallel, calls, call) in ways)
                Keep(rates[name], await RateAsync(Environment.ProcessorCount * parallel, calls, call));
            for (var i = 0; i < 50; i++)
            {
                Keep(latencies["latency_ms"], await MillisecondsAsync(local));
                if (docker is not null)
                    Keep(latencies["docker_latency_ms"], await MillisecondsAsync(docker));
                if (packaged is not null)
                    Keep(latencies["packages_latency_ms"], await MillisecondsAsync(packaged));
            }

            // The first round warms up.
            void Keep(List<double> values, double value)
            {
                if (round > 0)
                    values.Add(value);
            }
        }
        JsonObject scoring = [];
        if (ScoringBenchmark.Hindrance is { } hindrance)
            Console.WriteLine($"without scoring: {hindrance}");
        else
            scoring = await ScoringBenchmark.MeasureAsync(local);
        Report(rates, latencies, await StartsAsync(packaged), scoring);
        return 0;
    }

    static async Task<LocalSandbox?> PackagedAsync(int workers)
    {
        try
        {
            return await LocalSandbox.StartAsync(new() { Workers = workers, Packages = Packages.Split(',') });
        }
        catch (SandboxUnavailableException e)
        {
            Console.WriteLine($"without packages: {e.Message}");
            return null;
        }
    }

    // Milliseconds until one worker is ready.
    static async Task<Dictionary<string, List<double>>> StartsAsync(LocalSandbox? packaged)
    {
        var starts = new Dictionary<string, List<double>> { ["start_ms"] = [] };
        if (packaged is not null)
            starts["packages_start_ms"] = [];
        for (var i = 0; i < Starts; i++)
            foreach (var (name, values) in starts)
            {
                var started = Stopwatch.GetTimestamp();
                await using (await LocalSandbox.StartAsync(new() { Workers = 1, Packages = name == "start_ms" ? [] : Packages.Split(',') }))
                    values.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        return starts;
    }

    static IEnumerable<(string, int, int, Func<Task<int>>)> Ways(string prefix, ISandbox sandbox) =>
    [
        (prefix + "fork_per_test", 2, 600, () => SandboxedAsync(sandbox, 1, Isolation.PerTest)),
        (prefix + "fork_per_program", 2, 300, () => SandboxedAsync(sandbox, TestsPerProgram, Isolation.PerProgram)),
    ];

    static void Report(Dictionary<string, List<double>> rates, Dictionary<string, List<double>> latencies, Dictionary<string, List<double>> starts, JsonObject scoring)
    {
        var median = rates.ToDictionary(r => r.Key, r => Statistics.Median(r.Value));
        var json = new JsonObject { ["benchmark"] = "sandbox", ["workers"] = Environment.ProcessorCount };
        foreach (var (way, rate) in median)
        {
            Console.WriteLine($"{way,-24} {rate,8:F1} tests/s   {rate / median["fresh"],7:F2} x fresh   best {rates[way].Max(),8:F1}");
            json[way] = Math.Round(rate, 1);
            json["best_" + way] = Math.Round(rates[way].Max(), 1);
        }
        json["per_test_ratio"] = Math.Round(median["fork_per_test"] / median["fresh"], 2);
        json["per_program_ratio"] = Math.Round(median["fork_per_program"] / median["fresh"], 2);
        if (median.TryGetValue("docker_run", out var run))
        {
            // Of the same round, so that the load of the machine cancels out.
            json["docker_per_test_of_local"] = Math.Round(Statistics.Median([.. rates["docker_fork_per_test"].Zip(rates["fork_per_test"], (d, l) => d / l)]), 3);
            json["docker_per_program_of_local"] = Math.Round(Statistics.Median([.. rates["docker_fork_per_program"].Zip(rates["fork_per_program"], (d, l) => d / l)]), 3);
            json["docker_per_test_of_docker_run"] = Math.Round(median["docker_fork_per_test"] / run, 1);
        }
        foreach (var (name, values) in latencies.Where(l => l.Value.Count > 0))
        {
            Console.WriteLine($"one isolated test, {name,-18} {Statistics.Median(values):F2}");
            json[name] = Math.Round(Statistics.Median(values), 3);
        }
        if (rates.ContainsKey("packages_fork_per_test"))
            json["packages_per_test_of_local"] = Math.Round(Statistics.Median([.. rates["packages_fork_per_test"].Zip(rates["fork_per_test"], (p, l) => p / l)]), 3);
        foreach (var (name, values) in starts)
        {
            Console.WriteLine($"one worker ready, {name,-20} {Statistics.Median(values):F0}");
            json[name] = Math.Round(Statistics.Median(values), 1);
        }
        foreach (var (name, value) in scoring)
            json[name] = value?.DeepClone();
        Console.WriteLine(json.ToJsonString(new JsonSerializerOptions()));
    }

    static async Task<double> RateAsync(int parallel, int calls, Func<Task<int>> call)
    {
        var started = Stopwatch.GetTimestamp();
        var tests = 0;
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = parallel },
            async (_, _) => Interlocked.Add(ref tests, await call()));
        return tests / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static async Task<double> MillisecondsAsync(ISandbox sandbox)
    {
        var started = Stopwatch.GetTimestamp();
        await SandboxedAsync(sandbox, 1, Isolation.PerTest);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    static async Task<int> FreshAsync(string option, string program)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-I", option, "-c", program]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync("1 2 3\n");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Check(output, 1);
    }

    static async Task<int> DockerRunAsync(IDockerClient client, string image) =>
        Check(await DockerRun.RunAsync(client, image, ["/usr/bin/python3.11", "-I", "-S", "-c", Program], "1 2 3\n"), 1);

    static async Task<int> SandboxedAsync(ISandbox sandbox, int tests, Isolation isolation, string program = Program)
    {
        var inputs = Enumerable.Repeat("1 2 3\n", tests).ToImmutableArray();
        var results = await sandbox.RunAsync(new(program, inputs, null, Limits.Default, isolation));
        return results.Sum(r => Check(r.Output, 1));
    }

    static int Check(string output, int tests) => output == "6\n" ? tests : throw new InvalidOperationException($"Python answered '{output}'.");
}
