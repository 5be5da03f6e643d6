using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Rlef.Execution;

/// <summary>One fork server and the conversation with it. Used by one caller at a time.</summary>
sealed class Worker : IAsyncDisposable
{
    const int MaxFrame = 256 << 20;
    static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    readonly Process process;
    readonly Stream input, output;
    long id;

    Worker(Process process) => (this.process, input, output) = (process, process.StandardInput.BaseStream, process.StandardOutput.BaseStream);

    /// <exception cref="SandboxUnavailableException">The process ended or stayed silent; the message says what it wrote.</exception>
    public static async Task<Worker> StartAsync(ProcessStartInfo command, CancellationToken cancellation)
    {
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        var worker = new Worker(Process.Start(command)!);
        var errors = worker.process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            using var hello = await worker.ReceiveAsync(StartTime, cancellation);
            return worker;
        }
        catch (Exception e) when (e is IOException or TimeoutException or InvalidDataException)
        {
            await worker.DisposeAsync();
            throw new SandboxUnavailableException($"The sandbox did not start: {(await errors).Trim()}. " +
                "It needs bubblewrap and unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1).");
        }
    }

    /// <exception cref="IOException">The server is gone.</exception>
    /// <exception cref="TimeoutException">The server is late, although it should have stopped the program itself.</exception>
    /// <exception cref="InvalidDataException">The server does not speak the protocol.</exception>
    public async Task<WorkerResult[]> RunAsync(ExecutionRequest request, CancellationToken cancellation)
    {
        var nonce = RandomNumberGenerator.GetHexString(32);
        await SendAsync(++id, nonce, request, cancellation);
        var deadline = request.Limits.Wall * (request.Inputs.Length + 1) * 2 + TimeSpan.FromSeconds(10);
        using var reply = await ReceiveAsync(deadline, cancellation);
        return WorkerResult.Parse(reply.RootElement, id, nonce, request);
    }

    async Task SendAsync(long id, string nonce, ExecutionRequest request, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["id"] = id,
            ["nonce"] = nonce,
            ["program"] = request.Program,
            ["entry"] = request.EntryPoint,
            ["inputs"] = request.Inputs,
            ["isolation"] = request.Isolation == Isolation.PerProgram ? "program" : "test",
            ["cpu"] = request.Limits.Cpu.TotalSeconds,
            ["wall"] = request.Limits.Wall.TotalSeconds,
            ["memory"] = request.Limits.MemoryBytes,
            ["output"] = request.Limits.OutputBytes,
        });
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        await input.WriteAsync(frame, cancellation);
        await input.FlushAsync(cancellation);
    }

    async Task<JsonDocument> ReceiveAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(deadline);
        try
        {
            var head = new byte[4];
            await output.ReadExactlyAsync(head, timer.Token);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is <= 0 or > MaxFrame)
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

    public async ValueTask DisposeAsync()
    {
        try
        {
            input.Close();
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
        }
        process.Dispose();
    }
}
