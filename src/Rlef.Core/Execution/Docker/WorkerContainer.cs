using Docker.DotNet;

namespace Rlef.Execution;

/// <summary>A fork server that is the first process of a container.</summary>
/// <param name="standard">The container's standard streams.</param>
/// <param name="direct">What it reads and what it writes past the daemon, if it can.</param>
/// <param name="memory">Its memory limit, bytes.</param>
/// <param name="packages">How much of it is for packages, bytes.</param>
sealed class WorkerContainer(IDockerClient client, string id, ContainerStream standard, (Stream Input, Stream Output)? direct, long memory, long packages)
    : WorkerConnection(direct?.Input ?? standard, direct?.Output ?? standard)
{
    // Interpreter and libraries of the server, and what programs may leave in their folder while they run.
    const long Server = (64L << 20) + WorkerFiles.BoxBytes;

    long memory = memory;

    /// <summary>Memory of a new container, in bytes: room for the default limits.</summary>
    public static readonly long InitialMemory = Room(Limits.Default, 1 << 20);

    public override string Hint => "The container is described by `docker events` and the daemon's log.";

    // The container's limit guards what the limits of single processes leave open (memory files, the server itself). It must not strike first.
    public override async Task MakeRoomAsync(ExecutionRequest request, CancellationToken cancellation)
    {
        var room = Room(request.Limits, request.Program.Length + request.Inputs.Sum(i => (long)i.Length)) + packages;
        if (room <= memory)
            return;
        try
        {
            await client.Containers.UpdateContainerAsync(id, new() { Memory = room, MemorySwap = room }, cancellation);
        }
        catch (Exception e) when (e is DockerApiException or HttpRequestException)
        {
            throw new IOException($"The container's memory could not be raised: {e.Message}", e);
        }
        memory = room;
    }

    // 32 memory files as long as the output or an input may be, a report of it with every byte escaped twice, and what was sent in its encodings.
    static long Room(Limits limits, long sent) => limits.MemoryBytes + 160L * limits.OutputBytes + 48 * sent + Server;

    public override async Task<string> ComplaintAsync()
    {
        await ContainerLauncher.RemoveAsync(client, id, CancellationToken.None);
        return await standard.ComplaintAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await ContainerLauncher.RemoveAsync(client, id, CancellationToken.None);
        await standard.DisposeAsync();
        await Input.DisposeAsync();
        await Output.DisposeAsync();
    }
}
