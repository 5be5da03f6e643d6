using System.Text.Json;
using Docker.DotNet.Models;

namespace Docker.DotNet;

sealed class ImageOperations(DockerClient client) : IImageOperations
{
    public Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken) =>
        client.GetAsync<IList<ImagesListResponse>>($"images/json{new QueryString().Add("all", parameters.All).Add("filters", parameters.Filters)}", cancellationToken);

    public Task CreateImageAsync(ImagesCreateParameters parameters, Stream? imageStream, AuthConfig? authConfig, IProgress<JSONMessage> progress,
        CancellationToken cancellationToken)
    {
        var query = new QueryString().Add("fromImage", parameters.FromImage).Add("fromSrc", parameters.FromSrc).Add("repo", parameters.Repo).Add("tag", parameters.Tag)
            .Add("message", parameters.Message);
        return UploadAsync($"images/create{query}", imageStream, progress, cancellationToken);
    }

    public Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken) =>
        client.GetAsync<ImageInspectResponse>($"images/{name}/json", cancellationToken, (status, body) => new DockerImageNotFoundException(status, body));

    public async Task<IList<IDictionary<string, string>>> DeleteImageAsync(string name, ImageDeleteParameters parameters, CancellationToken cancellationToken)
    {
        var query = new QueryString().Add("force", parameters.Force).Add("noprune", parameters.NoPrune);
        using var response = await client.SendAsync(HttpMethod.Delete, $"images/{name}{query}", null, cancellationToken,
            (status, body) => new DockerImageNotFoundException(status, body));
        return await DockerClient.ReadAsync<IList<IDictionary<string, string>>>(response, cancellationToken);
    }

    public Task LoadImageAsync(ImageLoadParameters parameters, Stream imageStream, IProgress<JSONMessage> progress, CancellationToken cancellationToken) =>
        UploadAsync($"images/load{new QueryString().Add("quiet", parameters.Quiet)}", imageStream, progress, cancellationToken);

    async Task UploadAsync(string path, Stream? stream, IProgress<JSONMessage> progress, CancellationToken cancellationToken)
    {
        using var content = stream is null ? null : new StreamContent(stream);
        if (content is not null)
            content.Headers.ContentType = new("application/x-tar");
        using var response = await client.SendAsync(HttpMethod.Post, path, content, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            if (line.Length > 0 && JsonSerializer.Deserialize<JSONMessage>(line) is { } message)
                progress.Report(message);
    }
}
