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
    public async Task Programs_run_as_nobody()
    {
        var result = await Shared.RunAsync(new("import os\nprint(os.getuid(), os.getgid())", [""], null, Limits.Default, Isolation.PerTest), TestContext.Current.CancellationToken);
        Assert.Equal("65534 65534\n", result[0].Output);
    }

    [Fact]
    public async Task Nothing_of_its_mounts_is_left()
    {
        var before = await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken);
        _ = Shared;
        await using (await LocalSandbox.StartAsync(new() { Workers = 1, UserNamespace = false }, TestContext.Current.CancellationToken)) { }
        Assert.Equal(before, await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken));
    }
}
