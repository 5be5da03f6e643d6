using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;

namespace Rlef.Execution;

/// <summary>A fixed number of workers. Requests queue for a free one; a worker that fails is replaced and its request done once more.</summary>
sealed class WorkerPool : IAsyncDisposable
{
    // On a machine with too much to do it may wait for long, and is right all the same.
    static readonly ExecutionRequest Canary = new("print(sum(int(x) for x in input().split()))", ["1 2 3"], null,
        Limits.Default with { Cpu = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromMinutes(1) }, Isolation.PerTest);

    const int Attempts = 2;

    /// <summary>How far a program's folder goes.</summary>
    public static string Folder { get; } = $" of {WorkerFiles.BoxBytes >> 20} MiB and {WorkerFiles.BoxFiles} files, emptied after every program";

    /// <summary>What the fork server adds to whatever walls it runs in.</summary>
    public IEnumerable<string> Layers =>
    [
        "limits: address space, processor time, output size, open files, no processes, no core",
        "a user without rights, capabilities or new privileges; a fresh process for every test or program",
        cost is not { } spent ? "packages: none beside Python's standard library"
            : string.Create(CultureInfo.InvariantCulture, $"packages, read-only: {string.Join(", ", Packages.All)}; " +
                $"imported once a worker in {spent.Seconds:F2} s, and their {spent.Room >> 20} MiB of address space are no part of a program's limit"),
    ];

    readonly Channel<Worker> idle = Channel.CreateUnbounded<Worker>();
    readonly IWorkerLauncher launcher;
    readonly int canaryInterval;
    bool restrictsPaths;
    PackageCost? cost;
    long jobs;

    WorkerPool(IWorkerLauncher launcher, PythonPackages packages, int canaryInterval) =>
        (this.launcher, Packages, this.canaryInterval) = (launcher, packages, canaryInterval);

    public PythonPackages Packages { get; }

    /// <summary>Version of the Python that runs programs.</summary>
    public string Python { get; private set; } = "";

    /// <summary>Whether the kernel lets the servers give up access to files by path, in words.</summary>
    public string PathLayer => !restrictsPaths ? "" : $"; Landlock: only /usr{(Packages.Named.IsEmpty ? " opens" : $" and {PythonPackages.Folder} open")}";

    /// <summary>Starts the workers, judging a known-good program on each. The pool owns the launcher from here on, also when this fails.</summary>
    /// <param name="workers">Null for <see cref="Sandbox.DefaultWorkers"/>.</param>
    /// <param name="canaryInterval">The known-good program is judged after this many requests, and after every anomaly.</param>
    public static async Task<WorkerPool> StartAsync(IWorkerLauncher launcher, PythonPackages packages, int? workers, int canaryInterval, CancellationToken cancellation)
    {
        var pool = new WorkerPool(launcher, packages, canaryInterval);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, workers ?? Sandbox.DefaultWorkers).Select(_ => AddAsync()));
            return pool;
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }

        async Task AddAsync()
        {
            var worker = await pool.StartWorkerAsync(cancellation);
            (pool.Python, pool.restrictsPaths, pool.cost) = (worker.Python, worker.RestrictsPaths, worker.PackageCost);
            pool.idle.Writer.TryWrite(worker);
        }
    }

    public async Task<ImmutableArray<ExecutionResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation)
    {
        if (request.Inputs.IsEmpty)
            throw new ArgumentException("A request needs at least one input.", nameof(request));
        var worker = await idle.Reader.ReadAsync(cancellation);
        try
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                if (worker.IsBroken)
                {
                    await worker.DisposeAsync();
                    worker = await StartWorkerAsync(cancellation);
                }
                if (await TryAsync(worker, request, cancellation) is { } results)
                    return results;
                worker.IsBroken = true;
            }
            return [new(ExecutionStatus.InfrastructureError, "", new("SandboxFailure", "The sandbox failed twice on this program.", null, ""),
                TimeSpan.Zero, TimeSpan.Zero)];
        }
        finally
        {
            // A broken one is replaced when it is next needed. After the pool's end nobody would.
            if (!idle.Writer.TryWrite(worker))
                await worker.DisposeAsync();
        }
    }

    async Task<ImmutableArray<ExecutionResult>?> TryAsync(Worker worker, ExecutionRequest request, CancellationToken cancellation)
    {
        try
        {
            var results = await worker.RunAsync(request, cancellation);
            var suspicious = Interlocked.Increment(ref jobs) % canaryInterval == 0 || results.Any(r => r.Anomaly);
            if (suspicious && !await IsHealthyAsync(worker, cancellation))
                return null;
            return [.. results.Select(r => r.Result)];
        }
        catch (Exception e) when (e is IOException or InvalidDataException or TimeoutException or ObjectDisposedException)
        {
            return null;
        }
    }

    static async Task<bool> IsHealthyAsync(Worker worker, CancellationToken cancellation) => IsRight((await worker.RunAsync(Canary, cancellation))[0].Result);

    static bool IsRight(ExecutionResult canary) => canary is { Status: ExecutionStatus.Completed, Output: "6\n" };

    // A machine at its limits may fail once.
    async Task<Worker> StartWorkerAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var worker = await Worker.StartAsync(await launcher.LaunchAsync(cancellation));
            string seen;
            try
            {
                var canary = (await worker.RunAsync(Canary, cancellation))[0].Result;
                if (IsRight(canary))
                    return worker;
                seen = canary.Error is { } error ? $"{canary.Status}, {error.Type}: {error.Message}" : $"{canary.Status}, '{canary.Output.Trim()}' instead of '6'";
            }
            catch (Exception e) when (e is IOException or InvalidDataException or TimeoutException)
            {
                seen = e.Message;
            }
            catch
            {
                await worker.DisposeAsync();
                throw;
            }
            await worker.DisposeAsync();
            if (attempt == Attempts)
                throw new SandboxUnavailableException($"The sandbox started but misjudged a known-good program: {seen}. Run `rlef doctor` to see what this machine offers.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        idle.Writer.TryComplete();
        await foreach (var worker in idle.Reader.ReadAllAsync())
            await worker.DisposeAsync();
        await launcher.DisposeAsync();
    }
}
