using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

/// <summary>What the pool does with servers that fail and with more requests than workers. The servers are played by the test.</summary>
public sealed class WorkerPoolTests
{
    static ExecutionRequest Request(string program) => new(program, [""], null, Limits.Default, Isolation.PerTest);

    [Fact]
    public async Task A_job_that_breaks_two_servers_is_an_infrastructure_error_and_the_next_is_judged()
    {
        var launcher = new PlayedLauncher(program => program != "poison");
        await using var pool = await WorkerPool.StartAsync(launcher, PythonPackages.None, 1, 1000, CancellationToken.None);
        var failed = Assert.Single(await pool.RunAsync(Request("poison"), CancellationToken.None));
        Assert.Equal(ExecutionStatus.InfrastructureError, failed.Status);
        Assert.Equal(2, launcher.Jobs.Count(j => j == "poison"));
        Assert.Equal("well", Assert.Single(await pool.RunAsync(Request("well"), CancellationToken.None)).Output);
        // One for each job that broke one, and the one that serves now.
        Assert.Equal(3, launcher.Launches);
    }

    [Fact]
    public async Task A_job_that_breaks_one_server_is_done_again_on_another()
    {
        var broken = 0;
        var launcher = new PlayedLauncher(program => program != "unlucky" || Interlocked.Increment(ref broken) > 1);
        await using var pool = await WorkerPool.StartAsync(launcher, PythonPackages.None, 1, 1000, CancellationToken.None);
        Assert.Equal("unlucky", Assert.Single(await pool.RunAsync(Request("unlucky"), CancellationToken.None)).Output);
        Assert.Equal((2, 2), (launcher.Jobs.Count(j => j == "unlucky"), launcher.Launches));
    }

    [Fact]
    public async Task Requests_beyond_the_workers_wait_and_none_is_lost()
    {
        const int workers = 2, requests = 20;
        var launcher = new PlayedLauncher(_ => true);
        await using var pool = await WorkerPool.StartAsync(launcher, PythonPackages.None, workers, 1000, CancellationToken.None);
        launcher.Gate = new(0);
        var running = Enumerable.Range(0, requests).Select(i => pool.RunAsync(Request($"{i}"), CancellationToken.None)).ToArray();
        for (var i = 0; i < workers; i++)
            await launcher.Arrived.WaitAsync();
        Assert.Equal(workers, launcher.Jobs.Count);
        launcher.Gate.Release(requests);
        var outputs = await Task.WhenAll(running);
        Assert.Equal(Enumerable.Range(0, requests).Select(i => $"{i}"), outputs.Select(o => Assert.Single(o).Output));
        Assert.Equal(workers, launcher.MostAtOnce);
    }

    [Fact]
    public async Task A_server_that_misjudges_a_known_program_is_not_used()
    {
        var launcher = new PlayedLauncher(_ => true) { Canary = "7\n" };
        var e = await Assert.ThrowsAsync<SandboxUnavailableException>(() => WorkerPool.StartAsync(launcher, PythonPackages.None, 1, 1000, CancellationToken.None));
        Assert.Contains("misjudged a known-good program: Completed, '7' instead of '6'", e.Message);
        Assert.Equal(2, launcher.Launches);
    }
}
