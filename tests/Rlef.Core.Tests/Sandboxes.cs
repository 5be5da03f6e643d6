using Docker.DotNet;
using Rlef.Core.Tests.Execution;
using Rlef.Execution;

namespace Rlef.Core.Tests;

/// <summary>
/// One sandbox of each kind for all tests that only use it, started when a test first asks for it; so is Docker's daemon, where none runs. Tests of
/// what only computes need none.
/// </summary>
public sealed class Sandboxes : IAsyncDisposable
{
    readonly Lazy<Task<LocalSandbox>> local = new(() => LocalSandbox.StartAsync()), chroot = new(() => LocalSandbox.StartAsync(new() { UserNamespace = false }));
    readonly Lazy<Task<(LocalSandbox? Sandbox, string? Reason)>> packaged = new(StartPackagedAsync);
    readonly Lazy<Task<(DockerSandbox? Sandbox, string? Reason)>> docker, gvisor;
    DockerDaemon? daemon;

    public Sandboxes() => (docker, gvisor) = (new(StartDockerAsync), new(StartGvisorAsync));

    public LocalSandbox Local => local.Value.GetAwaiter().GetResult();

    /// <summary>The local one as it is in a chroot; only root can start it.</summary>
    public LocalSandbox InChroot => chroot.Value.GetAwaiter().GetResult();

    /// <summary>What the packaged ones offer.</summary>
    public static IReadOnlyList<string> PackageNames { get; } = ["numpy", "sortedcontainers", "networkx"];

    /// <summary>The local one with packages, or why there is none.</summary>
    public Task<(LocalSandbox? Sandbox, string? Reason)> PackagedAsync => packaged.Value;

    /// <summary>The sandbox, or why there is none.</summary>
    public Task<(DockerSandbox? Sandbox, string? Reason)> DockerAsync => docker.Value;

    /// <summary>The same on gVisor's kernel.</summary>
    public Task<(DockerSandbox? Sandbox, string? Reason)> GvisorAsync => gvisor.Value;

    /// <summary>The socket of the daemon in use; null for the machine's own.</summary>
    public Uri? DockerEndpoint => daemon?.Endpoint;

    public Judge Judge(Isolation isolation = Isolation.PerProgram) => new(Local, isolation);

    static async Task<(LocalSandbox?, string?)> StartPackagedAsync()
    {
        if (PackageNames.FirstOrDefault(name => !Directory.Exists($"/usr/lib/python3/dist-packages/{name}")) is { } missing)
            return (null, $"This machine lacks a package that programs are offered: apt-get install python3-{missing}.");
        return (await LocalSandbox.StartAsync(new() { Packages = PackageNames }), null);
    }

    async Task<(DockerSandbox?, string?)> StartDockerAsync()
    {
        if (!await AnswersAsync())
        {
            (daemon, var reason) = await DockerDaemon.StartAsync();
            if (daemon is null)
                return (null, "No Docker daemon: " + reason);
        }
        return (await DockerSandbox.StartAsync(new() { Endpoint = DockerEndpoint, Runtime = "runc" }), null);
    }

    async Task<(DockerSandbox?, string?)> StartGvisorAsync()
    {
        var (usual, reason) = await DockerAsync;
        if (usual is null)
            return (null, reason);
        if (!usual.Daemon.Runtimes.ContainsKey(ContainerLauncher.Gvisor))
            return (null, "The Docker daemon does not list gVisor as a runtime. Where /usr/bin/runsc is (apt-get install runsc), the tests' own daemon does.");
        try
        {
            return (await DockerSandbox.StartAsync(new() { Endpoint = DockerEndpoint, Runtime = ContainerLauncher.Gvisor }), null);
        }
        catch (SandboxUnavailableException e)
        {
            return (null, $"gVisor is installed and does not start: {e.Message}");
        }
    }

    static async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new DockerClientBuilder().Build();
            await client.System.PingAsync();
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or NotSupportedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in (Lazy<Task<LocalSandbox>>[])[local, chroot])
            if (started.IsValueCreated)
                await (await started.Value).DisposeAsync();
        if (packaged.IsValueCreated && (await packaged.Value).Sandbox is { } offering)
            await offering.DisposeAsync();
        foreach (var started in (Lazy<Task<(DockerSandbox? Sandbox, string?)>>[])[docker, gvisor])
            if (started.IsValueCreated && (await started.Value).Sandbox is { } sandbox)
                await sandbox.DisposeAsync();
        if (daemon is not null)
            await daemon.DisposeAsync();
    }
}
