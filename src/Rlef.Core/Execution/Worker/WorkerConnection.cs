namespace Rlef.Execution;

/// <summary>A running fork server as its host holds it. Disposing ends the server and everything that it started.</summary>
abstract class WorkerConnection(Stream input, Stream output) : IAsyncDisposable
{
    /// <summary>The server's standard input.</summary>
    public Stream Input => input;

    /// <summary>The server's standard output.</summary>
    public Stream Output => output;

    /// <summary>What most often keeps a server of this kind from starting.</summary>
    public abstract string Hint { get; }

    /// <summary>Makes sure that the walls leave room for a request's limits.</summary>
    public virtual Task MakeRoomAsync(ExecutionRequest request, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What the server wrote to its standard error; asked for once it has failed.</summary>
    public abstract Task<string> ComplaintAsync();

    public abstract ValueTask DisposeAsync();
}
