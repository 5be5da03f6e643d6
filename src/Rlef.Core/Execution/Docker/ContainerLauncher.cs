using System.Diagnostics;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Rlef.Execution;

/// <summary>Starts fork servers in containers of a Docker daemon, and removes the containers of owners that are no more.</summary>
sealed class ContainerLauncher : IWorkerLauncher
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), RemovalTime = TimeSpan.FromSeconds(10);

    /// <summary>The runtime's name in the daemon's configuration.</summary>
    public const string Gvisor = "runsc";

    const int MaxAttempts = 3;

    readonly IDockerClient client;
    readonly Uri endpoint;
    readonly WorkerImage image;

    ContainerLauncher(IDockerClient client, Uri endpoint, WorkerImage image, SystemInfoResponse daemon, string runtime) =>
        (this.client, this.endpoint, this.image, Daemon, Runtime) = (client, endpoint, image, daemon, runtime);

    /// <summary>Labels every container of this launcher.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public SystemInfoResponse Daemon { get; }
    public string Runtime { get; }

    /// <summary>How long to wait for a daemon that is away.</summary>
    public TimeSpan Patience { get; set; }

    /// <summary>Whether programs meet gVisor's kernel instead of this machine's.</summary>
    public bool IsGvisor => Runtime == Gvisor;

    // Where containers cannot be changed once they run, there is room for almost every limit from the start.
    long Memory => IsGvisor ? 8L << 30 : WorkerContainer.InitialMemory + image.PackageMemory;

    public static async Task<ContainerLauncher> ConnectAsync(Uri endpoint, DockerSandboxOptions options, PythonPackages packages, CancellationToken cancellation)
    {
        IDockerClient? client = null;
        try
        {
            client = new DockerClientBuilder().WithEndpoint(endpoint).Build();
            var daemon = await client.System.GetSystemInfoAsync(cancellation);
            var runtime = options.Runtime ?? (daemon.Runtimes.ContainsKey(Gvisor) ? Gvisor : daemon.DefaultRuntime);
            var image = await WorkerImage.OfAsync(options.Python, packages, cancellation);
            await image.EnsureAsync(client, cancellation);
            await image.RemoveSupersededAsync(client, cancellation);
            var launcher = new ContainerLauncher(client, endpoint, image, daemon, runtime);
            await launcher.RemoveAsync(ContainerOwner.Label, ContainerOwner.IsGone, cancellation);
            return launcher;
        }
        catch (Exception e)
        {
            client?.Dispose();
            if (IsAway(e) || e is NotSupportedException)
                throw Unavailable(endpoint, e);
            if (e is DockerApiException refused)
                throw Refused(refused);
            throw;
        }
    }

    public async Task<WorkerConnection> LaunchAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryLaunchAsync(cancellation);
            }
            catch (DockerImageNotFoundException) when (attempt < MaxAttempts)
            {
                // Another version of this program took it for superseded.
                continue;
            }
            catch (Exception e) when ((IsAway(e) || e is DockerApiException) && !cancellation.IsCancellationRequested)
            {
                // A daemon that is going down or coming up refuses for a while.
                if (Stopwatch.GetElapsedTime(started) >= Patience)
                    throw e is DockerApiException refused ? Refused(refused) : Unavailable(endpoint, e);
            }
            await Task.Delay(Pause, cancellation);
        }
    }

    async Task<WorkerConnection> TryLaunchAsync(CancellationToken cancellation)
    {
        await image.EnsureAsync(client, cancellation);
        using var door = IsGvisor ? null : new ContainerDoor();
        var id = (await client.Containers.CreateContainerAsync(Parameters(door), cancellation)).ID;
        try
        {
            var streams = new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true };
            var standard = new ContainerStream(await client.Containers.AttachContainerAsync(id, streams, cancellation));
            await client.Containers.StartContainerAsync(id, null, cancellation);
            return new WorkerContainer(client, id, standard, door is null ? null : await door.EnterAsync(standard, cancellation), Memory, image.PackageMemory);
        }
        catch
        {
            await RemoveAsync(client, id, CancellationToken.None);
            throw;
        }
    }

    CreateContainerParameters Parameters(ContainerDoor? door) => new()
    {
        Image = image.Name,
        Cmd = [.. image.Command, .. door is null ? [] : (string[])["--socket", ContainerDoor.Inside]],
        Env = ["LC_ALL=C.UTF-8", "PYTHONHASHSEED=0"],
        Hostname = "sandbox",
        User = "65534:65534",
        WorkingDir = "/",
        AttachStdin = true,
        AttachStdout = true,
        AttachStderr = true,
        OpenStdin = true,
        // When this process dies its connection does, the server reads the end of its input and leaves, and the daemon removes the container.
        StdinOnce = true,
        Labels = new Dictionary<string, string> { [ContainerOwner.Label] = ContainerOwner.Current, [ContainerOwner.SandboxLabel] = Id },
        HostConfig = new HostConfig
        {
            AutoRemove = true,
            Runtime = Runtime,
            NetworkMode = "none",
            IpcMode = "none",
            ReadonlyRootfs = true,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            Tmpfs = Folders(),
            Ulimits = [new() { Name = "stack", Soft = WorkerFiles.Stack, Hard = -1 }],
            Memory = Memory,
            MemorySwap = Memory,
            Mounts = door is null ? [] : [new() { Type = "bind", Source = door.Path, Target = ContainerDoor.Inside, ReadOnly = true }],
            // Threads of a program count, and gVisor's own.
            PidsLimit = IsGvisor ? 1024 : 64,
            NanoCPUs = 1_000_000_000,
            // The workers' conversation is no log.
            LogConfig = new LogConfig { Type = "none", Config = new Dictionary<string, string>() },
        },
    };

    // gVisor has no Landlock, and lets a user's processes open each other's descriptors by their paths in /proc: the server's way to its host is among them.
    Dictionary<string, string> Folders()
    {
        const string mount = "rw,noexec,nosuid,nodev,mode=700,uid=65534,gid=65534";
        var folders = new Dictionary<string, string> { [WorkerFiles.Box] = $"{mount},size={WorkerFiles.BoxBytes},nr_inodes={WorkerFiles.BoxFiles}" };
        if (IsGvisor)
            folders["/proc"] = folders["/sys"] = mount;
        return folders;
    }

    async Task RemoveAsync(string label, Predicate<string> chosen, CancellationToken cancellation)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [label] = true } };
        foreach (var container in await client.Containers.ListContainersAsync(new() { All = true, Filters = filters }, cancellation))
            if (container.Labels.TryGetValue(label, out var value) && chosen(value))
                await RemoveAsync(client, container.ID, cancellation);
    }

    /// <summary>Kills and removes a container, and returns when it is gone. A daemon that is away will remove it itself.</summary>
    public static async Task RemoveAsync(IDockerClient client, string id, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (Stopwatch.GetElapsedTime(started) < RemovalTime)
            {
                try
                {
                    await client.Containers.RemoveContainerAsync(id, new() { Force = true, RemoveVolumes = true }, cancellation);
                    return;
                }
                catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.Conflict)
                {
                    // Its removal is in progress.
                    await Task.Delay(Pause, cancellation);
                }
            }
        }
        catch (Exception e) when (e is DockerApiException || IsAway(e))
        {
        }
    }

    /// <summary>Whether an exception says that there is no daemon to talk to.</summary>
    public static bool IsAway(Exception e) => e is HttpRequestException or IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException };

    static SandboxUnavailableException Unavailable(Uri endpoint, Exception e) => new($"No Docker daemon answers at {endpoint}: " +
        (endpoint.Scheme == "unix" && !File.Exists(endpoint.LocalPath) ? "there is no such socket." : e.GetBaseException().Message) +
        " Install and start one (apt-get install docker.io), name its socket in DOCKER_HOST, or use the local sandbox.");

    static SandboxUnavailableException Refused(DockerApiException e) => new($"Docker cannot start the sandbox: {e.Message}");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await RemoveAsync(ContainerOwner.SandboxLabel, id => id == Id, CancellationToken.None);
        }
        catch (Exception e) when (e is DockerApiException || IsAway(e))
        {
        }
        client.Dispose();
    }
}
