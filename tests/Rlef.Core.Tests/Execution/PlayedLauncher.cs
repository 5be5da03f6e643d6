using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

/// <summary>Fork servers that run nothing: they answer every job with its own program as output, or break.</summary>
/// <param name="survives">Whether a server survives a program.</param>
sealed class PlayedLauncher(Predicate<string> survives) : IWorkerLauncher
{
    readonly Lock door = new();
    int active;

    public int Launches { get; private set; }

    /// <summary>The programs that servers were asked to run, without the pool's own.</summary>
    public ConcurrentQueue<string> Jobs { get; } = [];

    /// <summary>Released for every job that comes in.</summary>
    public SemaphoreSlim Arrived { get; } = new(0);

    /// <summary>A job is answered when it gets through; null to answer at once.</summary>
    public SemaphoreSlim? Gate { get; set; }

    public int MostAtOnce { get; private set; }

    /// <summary>The answer to the pool's known program.</summary>
    public string Canary { get; init; } = "6\n";

    public Task<WorkerConnection> LaunchAsync(CancellationToken cancellation)
    {
        lock (door)
            Launches++;
        AnonymousPipeServerStream input = new(PipeDirection.Out), output = new(PipeDirection.In);
        AnonymousPipeClientStream source = new(PipeDirection.In, input.ClientSafePipeHandle), sink = new(PipeDirection.Out, output.ClientSafePipeHandle);
        var server = Task.Run(() => ServeAsync(source, sink), CancellationToken.None);
        return Task.FromResult<WorkerConnection>(new Connection(input, output, server));
    }

    async Task ServeAsync(Stream source, Stream sink)
    {
        await using var _ = source;
        await using var __ = sink;
        await SendAsync(sink, new() { ["ready"] = true, ["python"] = "3.11.2", ["landlock"] = true, ["packages"] = null });
        while (await ReceiveAsync(source) is { } job)
        {
            var program = (string)job["program"]!;
            var known = program.StartsWith("print(sum", StringComparison.Ordinal);
            if (!known && !await EnterAsync(program))
                return;
            var result = new JsonObject { ["report"] = (string)job["nonce"]! + "{\"index\":0}", ["out"] = known ? Canary : program, ["cpu"] = 0.1, ["wall"] = 0.1, ["status"] = 0 };
            if (!known)
                Interlocked.Decrement(ref active);
            await SendAsync(sink, new() { ["id"] = (long)job["id"]!, ["results"] = new JsonArray(result), ["more"] = false });
        }
    }

    async Task<bool> EnterAsync(string program)
    {
        Jobs.Enqueue(program);
        lock (door)
            MostAtOnce = Math.Max(MostAtOnce, ++active);
        Arrived.Release();
        if (Gate is { } gate)
            await gate.WaitAsync();
        return survives(program);
    }

    static async Task<JsonNode?> ReceiveAsync(Stream source)
    {
        var head = new byte[4];
        if (await source.ReadAtLeastAsync(head, 4, throwOnEndOfStream: false) < 4)
            return null;
        var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
        await source.ReadExactlyAsync(body);
        var job = JsonNode.Parse(body)!;
        // The inputs follow.
        await source.ReadExactlyAsync(new byte[job["inputs"]!.AsArray().Sum(length => (int)length!)]);
        return job;
    }

    static async Task SendAsync(Stream sink, JsonObject message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        await sink.WriteAsync(frame);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class Connection(AnonymousPipeServerStream input, AnonymousPipeServerStream output, Task server) : WorkerConnection(input, output)
    {
        public override string Hint => "It is played by a test.";

        public override Task<string> ComplaintAsync() => Task.FromResult("");

        public override async ValueTask DisposeAsync()
        {
            await input.DisposeAsync();
            await server;
            await output.DisposeAsync();
        }
    }
}
