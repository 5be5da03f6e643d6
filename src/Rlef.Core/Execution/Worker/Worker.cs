using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rlef.Execution;

/// <summary>One fork server and the conversation with it. Used by one caller at a time.</summary>
sealed class Worker : IAsyncDisposable
{
    const int MaxHello = 1 << 20;
    static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    static readonly byte[] stopFrame = Frame("{\"stop\":true}"u8);

    readonly WorkerConnection connection;
    long id;

    Worker(WorkerConnection connection, string python, bool restrictsPaths, PackageCost? packageCost) =>
        (this.connection, Python, RestrictsPaths, PackageCost) = (connection, python, restrictsPaths, packageCost);

    /// <summary>Version of its Python.</summary>
    public string Python { get; }

    /// <summary>Whether the kernel lets the server give up access to files by path.</summary>
    public bool RestrictsPaths { get; }

    /// <summary>What it took to import the packages that programs may import; null where there are none.</summary>
    public PackageCost? PackageCost { get; }

    /// <summary>A conversation was left in the middle, or its end was not believed: this server is asked nothing more.</summary>
    public bool IsBroken { get; set; }

    /// <exception cref="SandboxUnavailableException">The server ended or stayed silent; the message says what it wrote.</exception>
    public static async Task<Worker> StartAsync(WorkerConnection connection)
    {
        try
        {
            // Not to be left in the middle: what bubblewrap has forked and does not yet bind to its own life would outlive it.
            using var hello = await ReceiveAsync(connection.Output, MaxHello, StartTime, CancellationToken.None);
            if (hello.RootElement.TryGetProperty("error", out var error))
                throw new SandboxUnavailableException($"{error.GetString()}. Leave it out of --python-packages or {Sandbox.PackagesVariable}.");
            return new(connection, hello.RootElement.GetProperty("python").GetString()!, hello.RootElement.GetProperty("landlock").GetBoolean(),
                hello.RootElement.GetProperty("packages").Deserialize<PackageCost?>(Json));
        }
        catch (Exception e)
        {
            var complaint = e is IOException or TimeoutException or InvalidDataException ? await connection.ComplaintAsync() : null;
            await connection.DisposeAsync();
            if (complaint is null)
                throw;
            throw new SandboxUnavailableException($"The sandbox did not start: {(complaint.Length > 0 ? complaint : e.Message)} {connection.Hint}");
        }
    }

    /// <exception cref="IOException">The server is gone.</exception>
    /// <exception cref="TimeoutException">The server is late, although it should have stopped the program itself.</exception>
    /// <exception cref="InvalidDataException">The server does not speak the protocol.</exception>
    public async Task<List<WorkerResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(IsBroken, this);
        IsBroken = true;
        await connection.MakeRoomAsync(request, cancellation);
        var nonce = RandomNumberGenerator.GetHexString(32);
        await SendAsync(Job(++id, nonce, request), cancellation);
        var deadline = request.Limits.Wall * (request.Inputs.Length + 1) * 4 + TimeSpan.FromSeconds(10);
        var started = Stopwatch.GetTimestamp();
        var longest = LongestFrame(request);
        List<WorkerResult> results = [];
        int? end = null;
        for (var more = true; more;)
        {
            var left = deadline - Stopwatch.GetElapsedTime(started);
            using var reply = await ReceiveAsync(connection.Output, longest, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
            var known = results.Count;
            more = WorkerResult.Read(reply.RootElement, id, nonce, request, results, end is not null);
            for (var i = known; request.StopAfter is { } stop && end is null && i < results.Count; i++)
                if (stop(i, results[i].Result))
                    end = i + 1;
            if (more && end > known)
                await SendAsync(stopFrame, cancellation);
        }
        IsBroken = false;
        return end is { } count ? results[..count] : results;
    }

    // No program may make its worker write a longer one. The worker escapes the bytes of a report twofold at most, which process.py bounds; those
    // of an output sixfold; and it sends results once they have a megabyte.
    static int LongestFrame(ExecutionRequest request) => (int)Math.Min(Array.MaxLength, 12L * request.Limits.OutputBytes + 200L * request.Inputs.Length + (8 << 20));

    // A frame with the job, and behind it the bytes of all inputs.
    static byte[] Job(long id, string nonce, ExecutionRequest request)
    {
        var lengths = request.Inputs.Select(Encoding.UTF8.GetByteCount).ToArray();
        var head = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["id"] = id,
            ["nonce"] = nonce,
            ["program"] = request.Program,
            ["entry"] = request.EntryPoint,
            ["preamble"] = request.Preamble,
            ["setup"] = request.Setup,
            ["digests"] = request.Digests,
            ["iterators"] = request.Iterators,
            ["inputs"] = lengths,
            ["isolation"] = request.Isolation == Isolation.PerProgram ? "program" : "test",
            ["cpu"] = request.Limits.Cpu.TotalSeconds,
            ["wall"] = request.Limits.Wall.TotalSeconds,
            ["memory"] = request.Limits.MemoryBytes,
            ["stack"] = request.Limits.StackBytes,
            ["input_file"] = request.InputFile,
            ["output_file"] = request.OutputFile,
            ["output"] = request.Limits.OutputBytes,
        });
        var frame = Frame(head, lengths.Sum());
        var at = 4 + head.Length;
        foreach (var input in request.Inputs)
            at += Encoding.UTF8.GetBytes(input, frame.AsSpan(at));
        return frame;
    }

    static byte[] Frame(ReadOnlySpan<byte> body, int more = 0)
    {
        var frame = new byte[4 + body.Length + more];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame.AsSpan(4));
        return frame;
    }

    async Task SendAsync(byte[] frame, CancellationToken cancellation)
    {
        await connection.Input.WriteAsync(frame, cancellation);
        await connection.Input.FlushAsync(cancellation);
    }

    // Timers know no longer one.
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(int.MaxValue);

    static async Task<JsonDocument> ReceiveAsync(Stream output, int longest, TimeSpan deadline, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(deadline < LongestWait ? deadline : LongestWait);
        try
        {
            var head = new byte[4];
            await output.ReadExactlyAsync(head, timer.Token);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length <= 0 || length > longest)
                throw new InvalidDataException($"A frame of {length} bytes.");
            var body = new byte[length];
            await output.ReadExactlyAsync(body, timer.Token);
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("The sandbox's worker is late.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("A frame that is not JSON.", e);
        }
    }

    public ValueTask DisposeAsync()
    {
        IsBroken = true;
        return connection.DisposeAsync();
    }
}
