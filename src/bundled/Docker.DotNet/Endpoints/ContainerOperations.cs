using System.Net;
using Docker.DotNet.Models;

namespace Docker.DotNet;

sealed class ContainerOperations(DockerClient client) : IContainerOperations
{
    static readonly NotFound notFound = (status, body) => new DockerContainerNotFoundException(status, body);

    public Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken) =>
        client.GetAsync<IList<ContainerListResponse>>($"containers/json{new QueryString().Add("all", parameters.All).Add("filters", parameters.Filters)}", cancellationToken);

    public Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken) =>
        client.PostAsync<CreateContainerResponse>($"containers/create{new QueryString().Add("name", parameters.Name)}", parameters, cancellationToken,
            (status, body) => new DockerImageNotFoundException(status, body));

    public Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken) =>
        client.GetAsync<ContainerInspectResponse>($"containers/{id}/json", cancellationToken, notFound);

    public async Task<bool> StartContainerAsync(string id, ContainerStartParameters? parameters, CancellationToken cancellationToken)
    {
        var query = new QueryString().Add("detachKeys", parameters?.DetachKeys);
        using var response = await client.SendAsync(HttpMethod.Post, $"containers/{id}/start{query}", null, cancellationToken, notFound);
        return response.StatusCode != HttpStatusCode.NotModified;
    }

    public async Task KillContainerAsync(string id, ContainerKillParameters parameters, CancellationToken cancellationToken) =>
        (await client.SendAsync(HttpMethod.Post, $"containers/{id}/kill{new QueryString().Add("signal", parameters.Signal)}", null, cancellationToken, notFound)).Dispose();

    public async Task<MultiplexedStream> AttachContainerAsync(string id, ContainerAttachParameters parameters, CancellationToken cancellationToken)
    {
        var container = await InspectContainerAsync(id, cancellationToken);
        var query = new QueryString().Add("stream", parameters.Stream).Add("stdin", parameters.Stdin).Add("stdout", parameters.Stdout)
            .Add("stderr", parameters.Stderr).Add("logs", parameters.Logs);
        // The response owns the connection, and disposing the stream closes it.
        var response = await client.SendAsync(HttpMethod.Post, $"containers/{id}/attach{query}", null, cancellationToken, notFound, hijack: true);
        return new(await response.Content.ReadAsStreamAsync(cancellationToken), container.Config is not { Tty: true });
    }

    public async Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken)
    {
        var query = new QueryString().Add("v", parameters.RemoveVolumes).Add("force", parameters.Force);
        (await client.SendAsync(HttpMethod.Delete, $"containers/{id}{query}", null, cancellationToken, notFound)).Dispose();
    }

    public Task<ContainerUpdateResponse> UpdateContainerAsync(string id, ContainerUpdateParameters parameters, CancellationToken cancellationToken) =>
        client.PostAsync<ContainerUpdateResponse>($"containers/{id}/update", parameters, cancellationToken, notFound);
}
