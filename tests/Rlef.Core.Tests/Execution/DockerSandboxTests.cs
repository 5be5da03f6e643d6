using System.Formats.Tar;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

/// <summary>The Docker sandbox on a real daemon. Skipped, with the reason, where none can run.</summary>
public sealed class DockerSandboxTests(Sandboxes sandboxes) : SandboxTests, IAsyncLifetime
{
    ISandbox shared = null!;

    protected override ISandbox Shared => shared;

    public async ValueTask InitializeAsync()
    {
        var (sandbox, reason) = await sandboxes.DockerAsync;
        Assert.SkipWhen(sandbox is null, reason ?? "");
        shared = sandbox;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    IDockerClient Connect() => sandboxes.DockerEndpoint is { } endpoint
        ? new DockerClientBuilder().WithEndpoint(endpoint).Build() : new DockerClientBuilder().Build();

    Task<DockerSandbox> StartAsync(int workers) => DockerSandbox.StartAsync(new() { Endpoint = sandboxes.DockerEndpoint, Workers = workers, Runtime = "runc" });

    static async Task<IList<ContainerListResponse>> ContainersAsync(IDockerClient client, string label) => await client.Containers.ListContainersAsync(new()
    {
        All = true,
        Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [label] = true } },
    });

    static Task<IList<ContainerListResponse>> ContainersAsync(IDockerClient client, DockerSandbox sandbox) =>
        ContainersAsync(client, $"{ContainerOwner.SandboxLabel}={sandbox.Id}");

    [Fact]
    public async Task Containers_are_shut_in_as_the_layers_say()
    {
        using var client = Connect();
        var container = await client.Containers.InspectContainerAsync((await ContainersAsync(client, (DockerSandbox)shared))[0].ID);
        var host = container.HostConfig!;
        Assert.Equal(("none", "none", true, "65534:65534"), (host.NetworkMode, host.IpcMode, host.ReadonlyRootfs, container.Config!.User));
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.Contains("no-new-privileges", host.SecurityOpt);
        Assert.True(host is { Memory: > 0, PidsLimit: > 0, NanoCPUs: 1_000_000_000 } && host.MemorySwap == host.Memory);
        var status = await shared.RunAsync(new("print(open('/usr/lib/os-release').read())", [""], null, Limits.Default, Isolation.PerTest));
        Assert.Equal("FileNotFoundError", status[0].Error!.Type);   // the image holds Python and nothing else of the machine
    }

    [Fact]
    public async Task The_way_past_the_daemon_is_taken_and_gone()
    {
        string path;
        using (var door = new ContainerDoor())
        {
            path = door.Path;
            // Nobody else on this machine reaches the socket, which itself is open to the container's user.
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new FileInfo(path).Directory!.UnixFileMode);
        }
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
        using var client = Connect();
        var container = await client.Containers.InspectContainerAsync((await ContainersAsync(client, (DockerSandbox)shared))[0].ID);
        var mount = Assert.Single(container.HostConfig!.Mounts!);
        Assert.Equal(("bind", ContainerDoor.Inside, true), (mount.Type, mount.Target, mount.ReadOnly));
        Assert.False(File.Exists(mount.Source));
        // One each way, and the one between supervisor and zygote.
        Assert.Equal(3, Directory.GetFiles($"/proc/{container.State!.Pid}/fd").Count(f => new FileInfo(f).LinkTarget!.StartsWith("socket:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Superseded_images_are_removed_and_those_in_use_kept()
    {
        var (own, reason) = await DockerDaemon.StartAsync();
        Assert.SkipWhen(own is null, "No Docker daemon to fill with images: " + reason);
        await using var daemon = own;
        using var client = daemon.Connect();
        foreach (var tag in (string[])["old", "used"])
            await client.Images.CreateImageAsync(new() { FromSrc = "-", Repo = WorkerImage.Repository, Tag = tag }, Tar(tag), null, new Progress<JSONMessage>());
        await client.Images.CreateImageAsync(new() { FromSrc = "-", Repo = "another", Tag = "old" }, Tar("another"), null, new Progress<JSONMessage>());
        await client.Containers.CreateContainerAsync(new() { Image = $"{WorkerImage.Repository}:used", Cmd = ["/nothing"] });
        await using var sandbox = await DockerSandbox.StartAsync(new() { Endpoint = daemon.Endpoint, Runtime = "runc", Workers = 1 });
        var tags = (await client.Images.ListImagesAsync(new())).SelectMany(i => i.RepoTags).Order().ToList();
        Assert.Equal(3, tags.Count);
        Assert.Equal(["another:old", $"{WorkerImage.Repository}:used"], tags.Where(t => t.EndsWith(":old", StringComparison.Ordinal) || t.EndsWith(":used", StringComparison.Ordinal)));

        static MemoryStream Tar(string content)
        {
            var stream = new MemoryStream();
            using (var tar = new TarWriter(stream, leaveOpen: true))
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "content") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
            stream.Position = 0;
            return stream;
        }
    }

    [Fact]
    public async Task Packages_of_this_machine_are_part_of_the_image()
    {
        var (local, reason) = await sandboxes.PackagedAsync;
        Assert.SkipWhen(local is null, reason ?? "");
        await using var sandbox = await DockerSandbox.StartAsync(new() { Endpoint = sandboxes.DockerEndpoint, Workers = 1, Runtime = "runc", Packages = Sandboxes.PackageNames });
        Assert.Equal(local.Packages, sandbox.Packages);
        foreach (var program in PackagedSandboxTests.Programs)
        {
            var judgement = await new Judge(sandbox, Isolation.PerTest).JudgeAsync(program, Sum, Sum.PublicTests);
            Assert.True(judgement.Accepted, judgement.Verdicts[0].Error?.Traceback ?? judgement.Verdicts[0].Output);
        }
        Assert.Equal("ModuleNotFoundError", (await new Judge(shared).JudgeAsync("import numpy", Sum, Sum.PublicTests)).Verdicts[0].Error?.Type);
    }

    [Fact]
    public async Task A_killed_container_is_replaced_and_its_job_done_again()
    {
        await using var sandbox = await StartAsync(1);
        using var client = Connect();
        var judge = new Judge(sandbox, Isolation.PerTest);
        var slow = judge.JudgeAsync("import time\ntime.sleep(0.5)\nprint(7)", Sum, Sum.PublicTests);
        await client.Containers.KillContainerAsync((await ContainersAsync(client, sandbox))[0].ID, new());
        Assert.Equal(VerdictKind.Accepted, (await slow).Kind);
        Assert.Equal(VerdictKind.WrongAnswer, (await judge.JudgeAsync("print(8)", Sum, Sum.PublicTests)).Kind);
    }

    [Fact]
    public async Task After_many_programs_no_process_and_no_container_is_left()
    {
        var sandbox = await StartAsync(2);
        using var client = Connect();
        var judge = new Judge(sandbox, Isolation.PerTest);
        string[] programs = ["print(7)", "import os\nos._exit(0)", "1/0", "import os\nos.fork()"];
        await Parallel.ForAsync(0, 200, async (i, stop) => await judge.JudgeAsync(programs[i % programs.Length], Sum, Sum.PublicTests, cancellation: stop));
        var containers = await ContainersAsync(client, sandbox);
        Assert.Equal(2, containers.Count);
        var servers = new List<long>();
        foreach (var container in containers)
            servers.Add((await client.Containers.InspectContainerAsync(container.ID)).State!.Pid);
        // On this machine the first process of a container is seen with its children: the zygote, which has none.
        Assert.All(servers, pid => Assert.Empty(Children(Assert.Single(Children(pid)))));
        await sandbox.DisposeAsync();
        Assert.Empty(await ContainersAsync(client, sandbox));
        Assert.All(servers, pid => Assert.False(Directory.Exists($"/proc/{pid}")));

        static IEnumerable<long> Children(long pid) =>
            File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse);
    }

    [Fact]
    public async Task Containers_of_a_dead_owner_are_removed_and_others_left_alone()
    {
        using var client = Connect();
        string dead;
        using (var process = System.Diagnostics.Process.Start("sleep", ["60"]))
        {
            dead = ContainerOwner.Of(process.Id)!;
            process.Kill();
            await process.WaitForExitAsync();
        }
        var image = (await client.Containers.InspectContainerAsync((await ContainersAsync(client, (DockerSandbox)shared))[0].ID)).Image;
        var (orphan, foreign) = (await CreateAsync(dead), await CreateAsync("another-boot/pid:[1]/1/1"));
        try
        {
            await using var sandbox = await StartAsync(1);
            var left = (await ContainersAsync(client, ContainerOwner.Label)).Select(c => c.ID).ToHashSet();
            Assert.DoesNotContain(orphan, left);
            Assert.Contains(foreign, left);
            Assert.Equal(VerdictKind.Accepted, (await new Judge(shared).JudgeAsync("print(7)", Sum, Sum.PublicTests)).Kind);
        }
        finally
        {
            await client.Containers.RemoveContainerAsync(foreign, new() { Force = true });
        }

        async Task<string> CreateAsync(string owner) => (await client.Containers.CreateContainerAsync(new()
        {
            Image = image,
            Cmd = ["/usr/bin/python3"],
            Labels = new Dictionary<string, string> { [ContainerOwner.Label] = owner },
        })).ID;
    }

    [Fact]
    public async Task A_restarted_daemon_is_waited_for_and_one_that_stays_away_is_named_with_the_way_out()
    {
        var (own, reason) = await DockerDaemon.StartAsync();
        Assert.SkipWhen(own is null, "No Docker daemon to restart: " + reason);
        await using var daemon = own;
        DockerSandboxOptions options = new() { Endpoint = daemon.Endpoint, Runtime = "runc", Workers = 1 };
        await using (var sandbox = await DockerSandbox.StartAsync(options))
        {
            var judge = new Judge(sandbox, Isolation.PerTest);
            var slow = judge.JudgeAsync("import time\ntime.sleep(1)\nprint(7)", Sum, Sum.PublicTests);
            await daemon.StopAsync();
            Assert.Null(await daemon.RunAsync());
            Assert.Equal(VerdictKind.Accepted, (await slow).Kind);
            Assert.Equal(VerdictKind.WrongAnswer, (await judge.JudgeAsync("print(8)", Sum, Sum.PublicTests)).Kind);
            using var client = daemon.Connect();
            Assert.Single(await ContainersAsync(client, ContainerOwner.Label));
        }
        await using var impatient = await DockerSandbox.StartAsync(options with { Patience = TimeSpan.Zero });
        await daemon.StopAsync();
        var e = await Assert.ThrowsAsync<SandboxUnavailableException>(() => new Judge(impatient).JudgeAsync("print(7)", Sum, Sum.PublicTests));
        Assert.Contains(daemon.Endpoint.ToString(), e.Message);
    }
}
