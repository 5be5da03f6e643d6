namespace Docker.DotNet;

/// <summary>Builds a <see cref="DockerClient"/>. Without an endpoint, <c>DOCKER_HOST</c> names it, or it is <c>unix:///var/run/docker.sock</c>.</summary>
public class DockerClientBuilder
{
    Uri? endpoint;

    public DockerClientBuilder WithEndpoint(Uri endpoint)
    {
        this.endpoint = endpoint;
        return this;
    }

    /// <exception cref="NotSupportedException">The endpoint is not a Unix domain socket.</exception>
    public virtual DockerClient Build()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        var resolved = endpoint ?? new Uri(string.IsNullOrEmpty(host) ? "unix:///var/run/docker.sock" : host);
        return resolved.Scheme == "unix" ? new(resolved) : throw new NotSupportedException($"The URI scheme '{resolved.Scheme}' is not supported.");
    }
}
