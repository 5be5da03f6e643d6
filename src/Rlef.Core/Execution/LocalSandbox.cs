using System.Collections.Immutable;

namespace Rlef.Execution;

/// <summary>
/// Runs programs on this machine without a daemon: fork servers in bubblewrap's namespaces (user, pid, network, ipc, uts, mount), with a
/// read-only view of <c>/usr</c> and nothing else, a system call filter, and resource limits on every process.
/// </summary>
public sealed class LocalSandbox : ISandbox
{
    readonly BubblewrapLauncher launcher;
    readonly WorkerPool pool;

    LocalSandbox(BubblewrapLauncher launcher, WorkerPool pool) => (this.launcher, this.pool) = (launcher, pool);

    public string Name => "local";

    // Stands in the command line of every worker of this sandbox.
    internal string Folder => launcher.Folder;

    public IReadOnlyList<string> Layers =>
    [
        "bubblewrap: own user, pid, network, ipc, uts and mount namespaces; no network",
        "file system: read-only /usr, empty /dev, no /proc, nothing writable" + (pool.RestrictsPaths ? "; Landlock: only /usr opens" : ""),
        "seccomp: allow-list in the server; no processes, signals or tracing in a program",
        .. WorkerPool.Layers,
    ];

    /// <summary>Starts the workers and judges a known-good program on each.</summary>
    /// <exception cref="SandboxUnavailableException">bubblewrap, Python or a kernel feature is missing.</exception>
    public static async Task<LocalSandbox> StartAsync(LocalSandboxOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        foreach (var (path, package) in ((string, string)[])[("/usr/bin/bwrap", "bubblewrap"), (options.Python, "python3")])
            if (!File.Exists(path))
                throw new SandboxUnavailableException($"{path} is missing, and programs are not run without a sandbox. Install it: apt-get install {package}");
        var launcher = new BubblewrapLauncher(options.Python);
        return new(launcher, await WorkerPool.StartAsync(launcher, options.Workers, options.CanaryInterval, cancellation));
    }

    public Task<ImmutableArray<ExecutionResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation = default) =>
        pool.RunAsync(request, cancellation);

    public ValueTask DisposeAsync() => pool.DisposeAsync();
}
