using System.Net;
using System.Net.Sockets;
using System.Text;
using Docker.DotNet;

namespace Rlef.Bundled.Tests.Docker;

/// <summary>What goes over the socket and what is made of the answers. (The Docker sandbox's tests speak to a real daemon.)</summary>
public sealed class DockerClientTests : IDisposable
{
    readonly string path = Path.Combine(Path.GetTempPath(), $"rlef-{Guid.NewGuid():N}.sock");
    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly IDockerClient client;

    public DockerClientTests()
    {
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        client = new DockerClientBuilder().WithEndpoint(new($"unix://{path}")).Build();
    }

    public void Dispose()
    {
        client.Dispose();
        listener.Dispose();
        File.Delete(path);
    }

    // Answers the requests of one connection after the other; returns them.
    async Task<List<string>> ServeAsync(params string[] answers)
    {
        List<string> requests = [];
        foreach (var answer in answers)
        {
            using var socket = await listener.AcceptAsync();
            requests.Add(await ReceiveAsync(socket, "\r\n\r\n"));
            await socket.SendAsync(Encoding.Latin1.GetBytes(answer));
            if (answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
                requests.Add(await ReceiveAsync(socket, "\n"));
        }
        return requests;
    }

    static async Task<string> ReceiveAsync(Socket socket, string end)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && await socket.ReceiveAsync(buffer) is > 0 and var count)
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return text.ToString();
    }

    static string Json(int status, string body) => $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    [Fact]
    public async Task Containers_are_listed_by_label()
    {
        var server = ServeAsync(Json(200, """[{"Id":"a","Names":["/n"],"Labels":{"k":"v"},"State":"running","Created":1}]"""));
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { ["k"] = true } };
        var container = Assert.Single(await client.Containers.ListContainersAsync(new() { All = true, Filters = filters }));
        Assert.Equal(("a", "v", "running"), (container.ID, container.Labels["k"], container.State));
        Assert.StartsWith("GET /containers/json?all=1&filters=%7B%22label%22%3A%7B%22k%22%3Atrue%7D%7D HTTP/1.1", (await server)[0]);
    }

    [Fact]
    public async Task A_refusal_becomes_an_exception_with_status_and_reason()
    {
        var server = ServeAsync(Json(404, """{"message":"No such container: x"}"""), Json(404, """{"message":"no such image"}"""), Json(409, """{"message":"conflict"}"""));
        var missing = await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => client.Containers.InspectContainerAsync("x"));
        Assert.Contains("No such container: x", missing.ResponseBody);
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => client.Images.InspectImageAsync("i:1"));
        var conflict = await Assert.ThrowsAsync<DockerApiException>(() => client.Containers.RemoveContainerAsync("x", new() { Force = true }));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        var requests = await server;
        Assert.StartsWith("GET /images/i:1/json ", requests[1]);
        Assert.StartsWith("DELETE /containers/x?force=1 ", requests[2]);
    }

    [Fact]
    public async Task A_started_container_is_told_from_a_running_one()
    {
        var server = ServeAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
        Assert.True(await client.Containers.StartContainerAsync("x"));
        Assert.False(await client.Containers.StartContainerAsync("x"));
        await server;
    }

    [Fact]
    public async Task Attached_streams_are_told_apart()
    {
        const string switched = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
        var server = ServeAsync(Json(200, """{"Id":"x","Config":{"Tty":false}}"""), switched + "\u0001\0\0\0\0\0\0\u0003out\u0002\0\0\0\0\0\0\u0005error");
        using var stream = await client.Containers.AttachContainerAsync("x", new() { Stream = true, Stdin = true, Stdout = true, Stderr = true });
        var buffer = new byte[64];
        List<(MultiplexedStream.TargetStream, string)> blocks = [];
        for (var i = 0; i < 2; i++)
        {
            var block = await stream.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None);
            blocks.Add((block.Target, Encoding.UTF8.GetString(buffer, 0, block.Count)));
        }
        Assert.Equal([(MultiplexedStream.TargetStream.StandardOut, "out"), (MultiplexedStream.TargetStream.StandardError, "error")], blocks);
        await stream.WriteAsync("in\n"u8.ToArray(), 0, 3, CancellationToken.None);
        var requests = await server;
        Assert.StartsWith("POST /containers/x/attach?stream=1&stdin=1&stdout=1&stderr=1 ", requests[1]);
        Assert.Equal("in\n", requests[2]);
        Assert.True((await stream.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None)).EOF);
    }

    [Fact]
    public async Task A_stream_that_ends_within_a_block_is_an_error()
    {
        using var stream = new MultiplexedStream(new MemoryStream([1, 0, 0, 0, 0, 0, 0, 9, 65]), multiplexed: true);
        var buffer = new byte[8];
        Assert.Equal(1, (await stream.ReadOutputAsync(buffer, 0, 8, CancellationToken.None)).Count);
        await Assert.ThrowsAsync<EndOfStreamException>(() => stream.ReadOutputAsync(buffer, 0, 8, CancellationToken.None));
    }

    [Fact]
    public void Another_transport_is_refused() =>
        Assert.Throws<NotSupportedException>(() => new DockerClientBuilder().WithEndpoint(new("ssh://host")).Build());
}
