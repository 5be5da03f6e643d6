using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Rlef.Core.Tests.Execution;
using Rlef.Execution;

namespace Rlef.Benchmarks;

/// <summary>
/// Judges very many programs, hostile ones among them, and compares every verdict with the known one, and at the end of each tenth what is held with
/// what was held at first. Ends with exit code 0 if no program was lost or misjudged and nothing grew.
/// </summary>
static class SoakBenchmark
{
    const int WarmUp = 1000, Parts = 10;
    const double SupervisorGrowthMiB = 64, WorkersGrowthMiB = 8;

    public static Task<int> RunAsync(string[] args)
    {
        var programs = new Option<int>("--programs") { Description = "How many.", DefaultValueFactory = _ => 100_000 };
        var name = new Option<string>("--sandbox") { Description = "local or docker.", DefaultValueFactory = _ => "local" };
        name.AcceptOnlyFromAmong("local", "docker");
        var seed = new Option<int>("--seed") { Description = "Of the mixture.", DefaultValueFactory = _ => 1 };
        var command = new RootCommand("Judges very many programs with known verdicts, 5 % of them hostile.") { programs, name, seed };
        command.SetAction((parse, cancellation) => parse.GetValue(name) == "local"
            ? RunLocalAsync(parse.GetValue(programs), parse.GetValue(seed), cancellation)
            : RunDockerAsync(parse.GetValue(programs), parse.GetValue(seed), cancellation));
        return command.Parse(args).InvokeAsync();
    }

    static async Task<int> RunLocalAsync(int programs, int seed, CancellationToken cancellation)
    {
        using var temporary = new TemporaryFolder();
        await using var local = await LocalSandbox.StartAsync(cancellation: cancellation);
        return await RunAsync(programs, local, () => Task.FromResult(ProcessTree.Named(local.Folder)), null, seed, cancellation);
    }

    static async Task<int> RunDockerAsync(int programs, int seed, CancellationToken cancellation)
    {
        var (daemon, reason) = await DockerDaemon.StartAsync();
        if (daemon is null)
        {
            Console.Error.WriteLine($"No Docker daemon: {reason}");
            return 1;
        }
        await using var _ = daemon;
        using var temporary = new TemporaryFolder();
        using var client = daemon.Connect();
        await using var docker = await DockerSandbox.StartAsync(new() { Endpoint = daemon.Endpoint, Runtime = "runc" }, cancellation);
        return await RunAsync(programs, docker, () => ContainersAsync(client, cancellation), daemon.Folder, seed, cancellation);
    }

    static async Task<IEnumerable<int>> ContainersAsync(IDockerClient client, CancellationToken cancellation)
    {
        List<int> first = [];
        foreach (var container in await client.Containers.ListContainersAsync(new(), cancellation))
            first.Add((int)(await client.Containers.InspectContainerAsync(container.ID, cancellation)).State!.Pid);
        return first;
    }

    static async Task<int> RunAsync(int programs, ISandbox sandbox, Func<Task<IEnumerable<int>>> workers, string? daemon, int seed, CancellationToken cancellation)
    {
        var mixture = new SoakMixture(seed);
        var judges = Enum.GetValues<Isolation>().ToDictionary(i => i, i => new Judge(sandbox, i));
        int judged = 0, hostile = 0, failures = 0;
        var verdicts = new ConcurrentDictionary<VerdictKind, int>();
        var wrong = new ConcurrentQueue<string>();
        var started = Stopwatch.GetTimestamp();
        int[] ends = [Math.Min(WarmUp, programs), .. Enumerable.Range(1, Parts).Select(i => (int)((long)programs * i / Parts)).Where(end => end > WarmUp)];
        List<ResourceCensus> held = [];
        var (next, told) = (0, 0);
        foreach (var end in ends)
        {
            await Parallel.ForAsync(next, end, new ParallelOptions { MaxDegreeOfParallelism = 2 * Sandbox.DefaultWorkers, CancellationToken = cancellation }, JudgeAsync);
            next = end;
            held.Add(ResourceCensus.Take(await workers(), Path.GetTempPath(), mount => !mount.Contains("rlef-dockerd-", StringComparison.Ordinal) || daemon is not null && mount.Contains(daemon, StringComparison.Ordinal)));
            Console.WriteLine($"{end,8} programs   {end / Stopwatch.GetElapsedTime(started).TotalSeconds,6:F0}/s   {wrong.Count} misjudged   {held[^1]}");
            foreach (var line in wrong.Skip(told).Take(20))
                Console.WriteLine(line);
            told = wrong.Count;
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (first, last) = (held[0], held[^1]);
        var flat = last.SupervisorMiB - first.SupervisorMiB < SupervisorGrowthMiB && last.WorkersMiB - first.WorkersMiB < WorkersGrowthMiB
            && last.Workers == first.Workers && last.WorkersDescriptors == first.WorkersDescriptors && last.Mounts == first.Mounts && last.Files == first.Files;
        Console.WriteLine(new JsonObject
        {
            ["benchmark"] = "soak",
            ["sandbox"] = sandbox.Name,
            ["programs"] = programs,
            ["hostile"] = hostile,
            ["lost"] = programs - judged,
            ["misjudged"] = wrong.Count,
            ["infrastructure_errors"] = failures,
            ["seconds"] = Math.Round(seconds, 1),
            ["programs_per_second"] = Math.Round(programs / seconds, 1),
            ["verdicts"] = new JsonObject(verdicts.OrderBy(v => v.Key).Select(v => KeyValuePair.Create(v.Key.ToString(), (JsonNode?)v.Value))),
            ["first"] = JsonSerializer.SerializeToNode(first),
            ["last"] = JsonSerializer.SerializeToNode(last),
            ["flat"] = flat,
        }.ToJsonString(new JsonSerializerOptions()));
        return judged == programs && wrong.IsEmpty && flat ? 0 : 1;

        async ValueTask JudgeAsync(int number, CancellationToken stop)
        {
            var item = mixture[number];
            var judgement = await judges[item.Isolation].JudgeAsync(item.Program, item.Problem, item.Problem.PublicTests, cancellation: stop);
            Interlocked.Increment(ref judged);
            if (item.Hostile)
                Interlocked.Increment(ref hostile);
            if (judgement.Kind == VerdictKind.InfrastructureError)
                Interlocked.Increment(ref failures);
            verdicts.AddOrUpdate(judgement.Kind, 1, (_, count) => count + 1);
            // Every test counts, not only the gravest: after a time-out the rest is left out, and nowhere else.
            var complete = judgement.Verdicts.Length == judgement.TestCount || judgement.Kind == VerdictKind.TimeLimit;
            if (judgement.Kind != item.Expected || !complete || item.Expected == VerdictKind.Accepted && !judgement.Accepted)
                wrong.Enqueue($"misjudged: program {number}, {item.Name}: {judgement.Kind} instead of {item.Expected}, {judgement.Verdicts.Length} of {judgement.TestCount} tests, " +
                    $"'{judgement.Verdicts[0].Error?.Message}'");
        }
    }

    // Where the sandbox's temporary files can be counted apart from those of others. Workers are another user, and must get through.
    sealed class TemporaryFolder : IDisposable
    {
        readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rlef-soak-");

        public TemporaryFolder()
        {
            if (!OperatingSystem.IsWindows())
                folder.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            Environment.SetEnvironmentVariable("TMPDIR", folder.FullName);
        }

        public void Dispose() => folder.Delete(recursive: true);
    }
}
