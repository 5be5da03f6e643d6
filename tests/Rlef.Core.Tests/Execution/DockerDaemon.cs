using System.Diagnostics;
using Docker.DotNet;

namespace Rlef.Core.Tests.Execution;

/// <summary>A Docker daemon of the tests' own, with its data and its socket in a temporary folder.</summary>
public sealed class DockerDaemon : IAsyncDisposable
{
    const string Program = "/usr/sbin/dockerd";
    static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60), StopTime = TimeSpan.FromSeconds(30);

    readonly string folder = Directory.CreateTempSubdirectory("rlef-dockerd-").FullName;
    Process? process;

    public Uri Endpoint => new($"unix://{folder}/docker.sock");

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
            ["--iptables=false", "--ip6tables=false", "--bridge=none", "--data-root", $"{folder}/data", "--exec-root", $"{folder}/exec",
                "-H", Endpoint.ToString(), "--pidfile", $"{folder}/docker.pid"])
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
            if (line.Split(' ')[1] is var mount && mount.StartsWith(folder, StringComparison.Ordinal))
            {
                using var umount = Process.Start("umount", [mount]);
                await umount.WaitForExitAsync();
            }
        Directory.Delete(folder, recursive: true);
    }
}
