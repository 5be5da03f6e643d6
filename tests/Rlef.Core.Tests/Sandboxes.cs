using Docker.DotNet;
using Rlef.Core.Tests.Execution;
using Rlef.Execution;

namespace Rlef.Core.Tests;

/// <summary>One sandbox of each kind for all tests that only use it. Docker's daemon is started when a test first asks for it and none runs.</summary>
public sealed class Sandboxes : IAsyncLifetime
{
    readonly Lazy<Task<(DockerSandbox? Sandbox, string? Reason)>> docker;
    DockerDaemon? daemon;

    public Sandboxes() => docker = new(StartDockerAsync);

    public LocalSandbox Local { get; private set; } = null!;

    /// <summary>The sandbox, or why there is none.</summary>
    public Task<(DockerSandbox? Sandbox, string? Reason)> DockerAsync => docker.Value;

    /// <summary>The socket of the daemon in use; null for the machine's own.</summary>
    public Uri? DockerEndpoint => daemon?.Endpoint;

    public Judge Judge(Isolation isolation = Isolation.PerProgram) => new(Local, isolation);

    async Task<(DockerSandbox?, string?)> StartDockerAsync()
    {
        if (!await AnswersAsync())
        {
            (daemon, var reason) = await DockerDaemon.StartAsync();
            if (daemon is null)
                return (null, "No Docker daemon: " + reason);
        }
        return (await DockerSandbox.StartAsync(new() { Endpoint = DockerEndpoint }), null);
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

    public async ValueTask InitializeAsync() => Local = await LocalSandbox.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Local.DisposeAsync();
        if (docker.IsValueCreated && (await docker.Value).Sandbox is { } sandbox)
            await sandbox.DisposeAsync();
        if (daemon is not null)
            await daemon.DisposeAsync();
    }
}
