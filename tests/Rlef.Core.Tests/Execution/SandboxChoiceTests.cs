using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

public sealed class SandboxChoiceTests
{
    [Fact]
    public async Task Without_a_daemon_one_error_names_the_socket_and_the_way_out()
    {
        var e = await Assert.ThrowsAsync<SandboxUnavailableException>(() => DockerSandbox.StartAsync(new() { Endpoint = new("unix:///nowhere/docker.sock") }));
        Assert.Contains("unix:///nowhere/docker.sock", e.Message);
        Assert.Contains("apt-get install docker.io", e.Message);
    }

    [Fact]
    public async Task An_unknown_sandbox_is_refused_with_the_known_ones()
    {
        var e = await Assert.ThrowsAsync<ArgumentException>(() => Sandbox.StartAsync("none"));
        Assert.Contains("'none'", e.Message);
        Assert.Contains("local, docker", e.Message);
    }

    [Fact]
    public async Task The_local_sandbox_is_found_by_name()
    {
        await using var sandbox = await Sandbox.StartAsync("local", workers: 1);
        Assert.Equal("local", sandbox.Name);
    }
}
