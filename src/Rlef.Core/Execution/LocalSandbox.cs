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
    readonly bool userNamespace;

    LocalSandbox(BubblewrapLauncher launcher, WorkerPool pool, bool userNamespace) => (this.launcher, this.pool, this.userNamespace) = (launcher, pool, userNamespace);

    public string Name => "local";

    // Stands in the command line of every worker of this sandbox.
    internal string Folder => launcher.Folder;

    public IReadOnlyList<string> Layers =>
    [
        $"bubblewrap: own {(userNamespace ? "user, " : "")}pid, network, ipc, uts and mount namespaces; no network{(userNamespace ? "" : " (no user namespace in a chroot)")}",
        "file system: read-only /usr, five devices, no /proc; writable is one folder" + WorkerPool.Folder + pool.PathLayer,
        "seccomp: allow-list in the server; no processes, signals or tracing in a program",
        .. pool.Layers,
    ];

    public string Python => pool.Python;
    public IReadOnlyList<PythonPackage> Packages => pool.Packages.All;

    /// <summary>Starts the workers and judges a known-good program on each.</summary>
    /// <exception cref="SandboxUnavailableException">bubblewrap, Python or a kernel feature is missing.</exception>
    public static async Task<LocalSandbox> StartAsync(LocalSandboxOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        foreach (var (path, package) in ((string, string)[])[("/usr/bin/bwrap", "bubblewrap"), (options.Python, "python3")])
            if (!File.Exists(path))
                throw new SandboxUnavailableException($"{path} is missing, and programs are not run without a sandbox. Install it: apt-get install {package}");
        // Without privileges there is no other way, and bubblewrap says why it fails.
        var userNamespace = options.UserNamespace ?? (!Environment.IsPrivilegedProcess || await BubblewrapLauncher.HasUserNamespacesAsync(cancellation));
        var packages = await PythonPackages.FindAsync(options.Python, options.Packages, cancellation);
        var launcher = new BubblewrapLauncher(options.Python, userNamespace, packages);
        return new(launcher, await WorkerPool.StartAsync(launcher, packages, options.Workers, options.CanaryInterval, cancellation), userNamespace);
    }

    public Task<ImmutableArray<ExecutionResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation = default) =>
        pool.RunAsync(request, cancellation);

    public ValueTask DisposeAsync() => pool.DisposeAsync();
}
