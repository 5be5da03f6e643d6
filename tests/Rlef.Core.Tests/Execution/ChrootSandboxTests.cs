using System.Globalization;
using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

/// <summary>The local sandbox as root sets it up in a chroot, where the kernel refuses user namespaces.</summary>
public sealed class ChrootSandboxTests(Sandboxes sandboxes) : SandboxTests
{
    protected override ISandbox Shared
    {
        get
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can make namespaces without a user namespace.");
            return sandboxes.InChroot;
        }
    }

    [Fact]
    public void It_says_what_it_lacks() => Assert.Contains(Shared.Layers, layer => layer.Contains("no user namespace", StringComparison.Ordinal));

    [Fact]
    public async Task Each_worker_is_a_user_of_its_own()
    {
        _ = Shared;
        ExecutionRequest request = new("import os, time\nprint(os.getuid(), os.getgid())\ntime.sleep(0.5)", [""], null, Limits.Default, Isolation.PerTest);
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 3, UserNamespace = false }, TestContext.Current.CancellationToken);
        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => sandbox.RunAsync(request, TestContext.Current.CancellationToken)));
        var users = results.Select(r => r[0].Output.Split()).ToList();
        Assert.Equal(3, users.Select(u => u[0]).Distinct().Count());
        Assert.All(users, user => Assert.Equal(user[0], user[1]));
        Assert.All(users, user => Assert.InRange(int.Parse(user[0], CultureInfo.InvariantCulture), 1000, 65519));
    }

    [Fact]
    public async Task Workers_leave_each_other_their_threads()
    {
        _ = Shared;
        const string Program = """
            import threading, time
            start = threading.Event()
            threads = [threading.Thread(target=start.wait) for _ in range(20)]
            for thread in threads:
                thread.start()
            time.sleep(1)
            start.set()
            print(len(threads))
            """;
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 4, UserNamespace = false }, TestContext.Current.CancellationToken);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            sandbox.RunAsync(new(Program, [""], null, Limits.Default, Isolation.PerTest), TestContext.Current.CancellationToken)));
        Assert.All(results, result => Assert.Equal("20\n", result[0].Output));
    }

    [Fact]
    public async Task Nothing_of_its_mounts_is_left()
    {
        var before = await MountsAsync();
        _ = Shared;
        await using (await LocalSandbox.StartAsync(new() { Workers = 1, UserNamespace = false }, TestContext.Current.CancellationToken)) { }
        Assert.Equal(before, await MountsAsync());

        // A daemon of Docker mounts and unmounts beside these tests.
        static async Task<string[]> MountsAsync() =>
            [.. (await File.ReadAllLinesAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken)).Where(mount => !mount.Contains("docker", StringComparison.Ordinal))];
    }
}
