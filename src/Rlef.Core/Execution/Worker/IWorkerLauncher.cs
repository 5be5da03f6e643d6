namespace Rlef.Execution;

/// <summary>Starts fork servers behind one kind of wall.</summary>
interface IWorkerLauncher : IAsyncDisposable
{
    /// <exception cref="SandboxUnavailableException">It cannot be started; the message says why and names the way out.</exception>
    Task<WorkerConnection> LaunchAsync(CancellationToken cancellation);
}
