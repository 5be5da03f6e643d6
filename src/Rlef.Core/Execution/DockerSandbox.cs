using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace Rlef.Execution;

/// <summary>
/// Runs programs in containers of a Docker daemon, one long-lived container a worker with the fork server inside: no network, read-only image of
/// this machine's Python, no capabilities, control groups for memory, processes and processor, and the same filters and limits as the local
/// sandbox. A killed container is replaced; a restarting daemon is waited for.
/// </summary>
public sealed class DockerSandbox : ISandbox
{
    readonly ContainerLauncher launcher;
    readonly WorkerPool pool;

    DockerSandbox(ContainerLauncher launcher, WorkerPool pool) => (this.launcher, this.pool) = (launcher, pool);

    public string Name => "docker";

    // Labels every container of this sandbox.
    internal string Id => launcher.Id;

    internal SystemInfoResponse Daemon => launcher.Daemon;

    public IReadOnlyList<string> Layers =>
    [
        $"Docker {launcher.Daemon.ServerVersion}, runtime {launcher.Runtime}: own pid, network, ipc, uts and mount namespaces; no network"
            + (launcher.IsGvisor ? "; gVisor: a kernel of its own" : ""),
        "file system: read-only image of this machine's Python; writable is one folder" + WorkerPool.Folder + pool.PathLayer,
        (!launcher.IsGvisor && launcher.Daemon.SecurityOptions.Any(o => o.Contains("seccomp", StringComparison.Ordinal)) ? "seccomp: Docker's profile, and an" : "seccomp:")
            + " allow-list in the server; no processes, signals or tracing in a program",
        $"control group of the container: {string.Join(", ", Groups().DefaultIfEmpty("none on this machine"))}",
        .. pool.Layers,
    ];

    public string Python => pool.Python;
    public IReadOnlyList<PythonPackage> Packages => pool.Packages.All;

    IEnumerable<string> Groups()
    {
        if (launcher.Daemon.MemoryLimit)
            yield return "memory";
        if (launcher.Daemon.PidsLimit)
            yield return "processes";
        if (launcher.Daemon.CPUCfsQuota)
            yield return "one processor";
    }

    /// <summary>Makes the workers' image where it is missing, starts the workers and judges a known-good program on each.</summary>
    /// <exception cref="SandboxUnavailableException">No daemon answers, or it cannot start the workers.</exception>
    public static async Task<DockerSandbox> StartAsync(DockerSandboxOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        if (!File.Exists(options.Python))
            throw new SandboxUnavailableException($"{options.Python} is missing, and the workers' image is made of it. Install it: apt-get install python3");
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        var endpoint = options.Endpoint ?? (Uri.TryCreate(string.IsNullOrEmpty(host) ? "unix:///var/run/docker.sock" : host, UriKind.Absolute, out var address) ? address
            : throw new SandboxUnavailableException($"DOCKER_HOST is '{host}', and no address of a daemon, such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375."));
        var packages = await PythonPackages.FindAsync(options.Python, options.Packages, cancellation);
        var launcher = await ContainerLauncher.ConnectAsync(endpoint, options, packages, cancellation);
        var pool = await WorkerPool.StartAsync(launcher, packages, options.Workers, options.CanaryInterval, cancellation);
        launcher.Patience = options.Patience;
        return new(launcher, pool);
    }

    public Task<ImmutableArray<ExecutionResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation = default) =>
        pool.RunAsync(request, cancellation);

    public ValueTask DisposeAsync() => pool.DisposeAsync();
}
