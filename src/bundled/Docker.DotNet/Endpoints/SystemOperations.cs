using Docker.DotNet.Models;

namespace Docker.DotNet;

sealed class SystemOperations(DockerClient client) : ISystemOperations
{
    public Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken) => client.GetAsync<VersionResponse>("version", cancellationToken);

    public async Task PingAsync(CancellationToken cancellationToken) => (await client.SendAsync(HttpMethod.Get, "_ping", null, cancellationToken)).Dispose();

    public Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken) => client.GetAsync<SystemInfoResponse>("info", cancellationToken);
}
