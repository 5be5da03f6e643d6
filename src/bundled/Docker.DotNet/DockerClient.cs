using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Docker.DotNet;

/// <summary>Speaks the Docker Engine API over HTTP on a Unix domain socket. Safe to call from many threads.</summary>
public sealed class DockerClient : IDockerClient
{
    static readonly JsonSerializerOptions json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    readonly HttpClient http;

    internal DockerClient(Uri endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.LocalPath), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost/"), Timeout = TimeSpan.FromSeconds(100) };
        (System, Containers, Images) = (new SystemOperations(this), new ContainerOperations(this), new ImageOperations(this));
    }

    public ISystemOperations System { get; }

    public IContainerOperations Containers { get; }

    public IImageOperations Images { get; }

    internal async Task<T> GetAsync<T>(string path, CancellationToken cancellation, NotFound? notFound = null)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation, notFound);
        return await ReadAsync<T>(response, cancellation);
    }

    internal async Task<T> PostAsync<T>(string path, object body, CancellationToken cancellation, NotFound? notFound = null)
    {
        using var content = Json(body);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellation, notFound);
        return await ReadAsync<T>(response, cancellation);
    }

    /// <summary>Sends a request and checks its status. The caller disposes the response.</summary>
    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation, NotFound? notFound = null,
        bool hijack = false)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (hijack)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.Add(new("tcp"));
        }
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotModified || hijack && response.StatusCode is HttpStatusCode.SwitchingProtocols)
            return response;
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellation);
            throw response.StatusCode is HttpStatusCode.NotFound && notFound is not null ? notFound(response.StatusCode, body) : new DockerApiException(response.StatusCode, body);
        }
    }

    static HttpContent Json(object body)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, json));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    internal static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        return (await JsonSerializer.DeserializeAsync<T>(stream, json, cancellation))!;
    }

    public void Dispose() => http.Dispose();
}
