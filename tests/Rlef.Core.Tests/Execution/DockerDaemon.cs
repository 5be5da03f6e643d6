using System.Diagnostics;
using System.Text.Json.Nodes;
using Docker.DotNet;

namespace Rlef.Core.Tests.Execution;

/// <summary>A Docker daemon of the tests' own, with its data and its socket in a temporary folder.</summary>
public sealed class DockerDaemon : IAsyncDisposable
{
    const string Program = "/usr/sbin/dockerd", Gvisor = "/usr/bin/runsc";
    static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60), StopTime = TimeSpan.FromSeconds(30);

    Process? process;

    /// <summary>Holds its data and its mounts.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("rlef-dockerd-").FullName;

    public Uri Endpoint => new($"unix://{Folder}/docker.sock");

    /// <summary>Why no daemon can be started here, or null.</summary>
    public static string? Hindrance =>
        !File.Exists(Program) ? $"{Program} is missing: apt-get install docker.io"
        : !Environment.IsPrivilegedProcess ? "dockerd needs root"
        : null;

    /// <returns>Null with the reason, if it does not come up on this machine.</returns>
    public static async Task<(DockerDaemon? Daemon, string? Reason)> StartAsync()
    {
        if (Hindrance is { } hindrance)
            return (null, hindrance);
        var daemon = new DockerDaemon();
        if (await daemon.RunAsync() is not { } reason)
            return (daemon, null);
        await daemon.DisposeAsync();
        return (null, reason);
    }

    /// <summary>Starts it again on its data. Returns why it did not come up, or null.</summary>
    public async Task<string?> RunAsync()
    {
        process = Process.Start(new ProcessStartInfo(Program,
            ["--iptables=false", "--ip6tables=false", "--bridge=none", "--data-root", $"{Folder}/data", "--exec-root", $"{Folder}/exec",
                "-H", Endpoint.ToString(), "--pidfile", $"{Folder}/docker.pid",
                "--config-file", Configuration()])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (last, up) = ("", new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            last = line.Data;
            // The daemon's own word that it serves.
            if (last.Contains("API listen on", StringComparison.Ordinal))
                up.TrySetResult();
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var first = await Task.WhenAny(up.Task, process.WaitForExitAsync(), Task.Delay(StartTime));
        return first == up.Task ? null : $"dockerd does not come up on this machine: {last}";
    }

    // gVisor is listed where it is installed. It makes no network of its own and no control groups, which it cannot on every machine.
    string Configuration()
    {
        var path = $"{Folder}/daemon.json";
        JsonObject runtimes = [];
        if (File.Exists(Gvisor))
            runtimes["runsc"] = new JsonObject { ["path"] = Gvisor, ["runtimeArgs"] = new JsonArray("--network=none", "--platform=ptrace", "--ignore-cgroups") };
        File.WriteAllText(path, new JsonObject { ["runtimes"] = runtimes }.ToJsonString());
        return path;
    }

    /// <summary>Stops it as the system does.</summary>
    public async Task StopAsync()
    {
        if (process is null)
            return;
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await kill.WaitForExitAsync();
            using var deadline = new CancellationTokenSource(StopTime);
            await process.WaitForExitAsync(deadline.Token);
        }
        process.Dispose();
        process = null;
    }

    public IDockerClient Connect() => new DockerClientBuilder().WithEndpoint(Endpoint).Build();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var line in await File.ReadAllLinesAsync("/proc/mounts"))
            if (line.Split(' ')[1] is var mount && mount.StartsWith(Folder, StringComparison.Ordinal))
            {
                using var umount = Process.Start("umount", [mount]);
                await umount.WaitForExitAsync();
            }
        Directory.Delete(Folder, recursive: true);
    }
}
