using System.Collections.Immutable;
using System.Diagnostics;
using System.Threading.Channels;

namespace Rlef.Execution;

/// <summary>
/// Runs programs on this machine without a daemon: fork servers in bubblewrap's namespaces (user, pid, network, ipc, uts, mount), with a
/// read-only view of <c>/usr</c> and nothing else, a system call filter, and resource limits on every process.
/// </summary>
public sealed class LocalSandbox : ISandbox
{
    static readonly ExecutionRequest Canary = new("print(sum(int(x) for x in input().split()))", ["1 2 3"], null, Limits.Default, Isolation.PerTest);

    readonly Channel<Worker> idle = Channel.CreateUnbounded<Worker>();
    readonly LocalSandboxOptions options;
    readonly string folder;
    readonly int workers;
    long jobs;

    LocalSandbox(LocalSandboxOptions options, string folder)
    {
        (this.options, this.folder) = (options, folder);
        workers = options.Workers ?? Math.Max(1, Environment.ProcessorCount);
    }

    public string Name => "local";

    // Stands in the command line of every worker of this sandbox.
    internal string Folder => folder;

    public IReadOnlyList<string> Layers { get; } =
    [
        "bubblewrap: own user, pid, network, ipc, uts and mount namespaces; no network",
        "file system: read-only /usr, empty /dev, no /proc, nothing writable",
        "seccomp: allow-list in the server; no processes, signals or tracing in a program",
        "limits: address space, processor time, output size, open files, no processes, no core",
        "user 65534 without capabilities or new privileges; a fresh process for every test or program",
    ];

    /// <summary>Starts the workers and judges a known-good program on each.</summary>
    /// <exception cref="SandboxUnavailableException">bubblewrap, Python or a kernel feature is missing.</exception>
    public static async Task<LocalSandbox> StartAsync(LocalSandboxOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        foreach (var (path, package) in ((string, string)[])[("/usr/bin/bwrap", "bubblewrap"), (options.Python, "python3")])
            if (!File.Exists(path))
                throw new SandboxUnavailableException($"{path} is missing, and programs are not run without a sandbox. Install it: apt-get install {package}");
        var sandbox = new LocalSandbox(options, WorkerFiles.Write());
        try
        {
            for (var i = 0; i < sandbox.workers; i++)
                sandbox.idle.Writer.TryWrite(await sandbox.StartWorkerAsync(cancellation));
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
        return sandbox;
    }

    public async Task<ImmutableArray<ExecutionResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation = default)
    {
        if (request.Inputs.IsEmpty)
            throw new ArgumentException("A request needs at least one input.", nameof(request));
        var worker = await idle.Reader.ReadAsync(cancellation);
        try
        {
            // A worker that fails is replaced and the job is tried once more.
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var results = await TryAsync(worker, request, cancellation);
                if (results is { } done)
                    return done;
                await worker.DisposeAsync();
                worker = await StartWorkerAsync(cancellation);
            }
            return [new(ExecutionStatus.InfrastructureError, "", new("SandboxFailure", "The sandbox failed twice on this program.", null, ""),
                TimeSpan.Zero, TimeSpan.Zero)];
        }
        finally
        {
            idle.Writer.TryWrite(worker);
        }
    }

    async Task<ImmutableArray<ExecutionResult>?> TryAsync(Worker worker, ExecutionRequest request, CancellationToken cancellation)
    {
        try
        {
            var results = await worker.RunAsync(request, cancellation);
            var suspicious = Interlocked.Increment(ref jobs) % options.CanaryInterval == 0 || results.Any(r => r.Anomaly);
            if (suspicious && !await IsHealthyAsync(worker, cancellation))
                return null;
            return [.. results.Select(r => r.Result)];
        }
        catch (Exception e) when (e is IOException or InvalidDataException or TimeoutException or ObjectDisposedException)
        {
            return null;
        }
    }

    static async Task<bool> IsHealthyAsync(Worker worker, CancellationToken cancellation) =>
        await worker.RunAsync(Canary, cancellation) is [{ Result: { Status: ExecutionStatus.Completed, Output: "6\n" } }];

    async Task<Worker> StartWorkerAsync(CancellationToken cancellation)
    {
        var worker = await Worker.StartAsync(Command(), cancellation);
        try
        {
            if (await IsHealthyAsync(worker, cancellation))
                return worker;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or TimeoutException)
        {
        }
        await worker.DisposeAsync();
        throw new SandboxUnavailableException("The sandbox started but misjudged a known-good program. Run `rlef doctor` to see what this machine offers.");
    }

    ProcessStartInfo Command()
    {
        List<string> command = [];
        // As root, the kernel does not enforce the limit on processes: become nobody first.
        if (Environment.IsPrivilegedProcess)
            command.AddRange(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs"]);
        command.AddRange(["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--clearenv", "--setenv", "LC_ALL", "C.UTF-8", "--setenv", "PYTHONHASHSEED", "0", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
            "--dev", "/dev", "--ro-bind", folder, "/worker", "--chdir", "/", "--remount-ro", "/dev", "--remount-ro", "/",
            options.Python, "-s", "-S", "-P", "-B", "/worker/worker.py"]);
        return new ProcessStartInfo(command[0], command.Skip(1));
    }

    public async ValueTask DisposeAsync()
    {
        idle.Writer.TryComplete();
        await foreach (var worker in idle.Reader.ReadAllAsync())
            await worker.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
