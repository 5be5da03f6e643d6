using System.Diagnostics;
using System.Runtime.InteropServices;
using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

public sealed partial class LocalSandboxTests(Sandboxes sandboxes) : SandboxTests
{
    protected override ISandbox Shared => sandboxes.Local;

    [Fact]
    public async Task After_many_programs_no_process_is_left()
    {
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 2 });
        var judge = new Judge(sandbox, Isolation.PerTest);
        var before = Descendants(sandbox).Count;
        string[] programs = ["print(7)", "import os\nos._exit(0)", "1/0", "import os\nos.fork()"];
        await Parallel.ForAsync(0, 200, async (i, stop) => await judge.JudgeAsync(programs[i % programs.Length], Sum, Sum.PublicTests, cancellation: stop));
        Assert.Equal(before, Descendants(sandbox).Count);
    }

    [Fact]
    public async Task A_killed_worker_is_replaced_and_its_job_done_again()
    {
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 1 });
        var judge = new Judge(sandbox, Isolation.PerTest);
        var slow = judge.JudgeAsync("import time\ntime.sleep(0.5)\nprint(7)", Sum, Sum.PublicTests);
        foreach (var pid in Descendants(sandbox))
            Kill(pid);
        Assert.Equal(VerdictKind.Accepted, (await slow).Kind);
        Assert.Equal(VerdictKind.WrongAnswer, (await judge.JudgeAsync("print(8)", Sum, Sum.PublicTests)).Kind);
    }

    // Whoever gives up while a worker is started for it ends that start at any moment.
    [Fact]
    public async Task Callers_that_give_up_leave_no_process_behind()
    {
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 1 });
        var before = Descendants(sandbox).Count;
        var sleeps = new ExecutionRequest("import time\ntime.sleep(9)", [""], null, Limits.Default, Isolation.PerTest);
        for (var milliseconds = 1; milliseconds <= 60; milliseconds += 3)
        {
            using var patience = new CancellationTokenSource(milliseconds);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sandbox.RunAsync(sleeps, patience.Token));
        }
        Assert.Equal("7\n", (await sandbox.RunAsync(sleeps with { Program = "print(7)" }))[0].Output);
        Assert.Equal(before, Descendants(sandbox).Count);
    }

    [Fact]
    public async Task A_worker_outlives_the_thread_that_asked_for_it()
    {
        await using var launcher = new BubblewrapLauncher(new LocalSandboxOptions().Python, userNamespace: true, PythonPackages.None);
        Worker? worker = null;
        var asking = new Thread(() => worker = Worker.StartAsync(launcher.LaunchAsync(CancellationToken.None).GetAwaiter().GetResult()).GetAwaiter().GetResult());
        asking.Start();
        asking.Join();
        await using (worker)
            for (var i = 0; i < 50; i++)
                Assert.Equal("7\n", (await worker!.RunAsync(new("print(7)", [""], null, Limits.Default, Isolation.PerTest), TestContext.Current.CancellationToken))[0].Result.Output);
    }

    [Fact]
    public async Task Outputs_of_all_tests_together_are_bounded()
    {
        var limits = Limits.Default with { OutputBytes = 4 << 20, Cpu = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromMinutes(1) };
        var results = await Shared.RunAsync(new("n=int(input())\nprint('7'*n,end='')", [.. Enumerable.Repeat($"{4 << 20}", 17), "1"], null, limits, Isolation.PerProgram));
        Assert.Equal([.. Enumerable.Repeat(ExecutionStatus.Completed, 16), ExecutionStatus.OutputLimit, ExecutionStatus.OutputLimit], results.Select(r => r.Status));
    }

    // The host keeps what a server complains of: what programs add to that would be kept as long as the server lives.
    [Fact]
    public async Task Neither_a_program_nor_its_compiler_complains_in_the_server_s_name()
    {
        await using var launcher = new BubblewrapLauncher(new LocalSandboxOptions().Python, userNamespace: true, PythonPackages.None);
        var connection = await launcher.LaunchAsync(TestContext.Current.CancellationToken);
        await using var worker = await Worker.StartAsync(connection);
        await worker.RunAsync(new("1 is 1\nimport os\nos.write(2,b'x')", [""], null, Limits.Default, Isolation.PerTest), TestContext.Current.CancellationToken);
        Assert.Equal("", await connection.ComplaintAsync());
    }

    [Fact]
    public async Task The_processor_clock_decides_where_more_programs_run_than_there_are_cores()
    {
        var crowd = 4 * Environment.ProcessorCount;
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = crowd });
        var limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(0.6), Wall = TimeSpan.FromMinutes(10) };
        var busy = new ExecutionRequest("import time\nwhile time.process_time()<0.3: pass\nprint(7)", [""], null, limits, Isolation.PerTest);
        var results = await Task.WhenAll(Enumerable.Range(0, crowd).Select(_ => sandbox.RunAsync(busy)));
        Assert.All(results, r => Assert.Equal(ExecutionStatus.Completed, r[0].Status));
        // Together they need longer than the limit: some were taken for as long as it, and that was not held against them.
        Assert.Contains(results, r => r[0].Wall > limits.Cpu);
        Assert.All(results, r => Assert.InRange(r[0].Cpu.TotalSeconds, 0.3, 0.6));
    }

    [Fact]
    public async Task Files_that_the_host_has_open_are_closed_to_programs()
    {
        const int duplicate = 0, lowest = 200;
        using var secret = File.OpenHandle(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, options: FileOptions.DeleteOnClose);
        RandomAccess.Write(secret, "7"u8, 0);
        // Unlike .NET's own, one that child processes inherit, as native libraries and callers leave them.
        var inherited = fcntl((int)secret.DangerousGetHandle(), duplicate, lowest);
        Assert.True(inherited >= lowest);
        try
        {
            await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 1 });
            const string program = "import os\nfor d in range(3,1024):\n    try: print(os.pread(d,1,0).decode('latin-1'))\n    except OSError: pass";
            Assert.DoesNotContain("7", (await sandbox.RunAsync(new(program, [""], null, Limits.Default, Isolation.PerTest)))[0].Output);
        }
        finally
        {
            close(inherited);
        }
    }

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [Fact]
    public async Task A_missing_interpreter_is_named_with_the_way_out()
    {
        var e = await Assert.ThrowsAsync<SandboxUnavailableException>(() => LocalSandbox.StartAsync(new() { Python = "/usr/bin/python9" }));
        Assert.Contains("/usr/bin/python9", e.Message);
        Assert.Contains("apt-get install", e.Message);
    }

    // The workers' processes, and everything that they started.
    static HashSet<int> Descendants(LocalSandbox sandbox) => ProcessTree.WithDescendants(ProcessTree.Named(sandbox.Folder));

    static void Kill(int pid)
    {
        try
        {
            Process.GetProcessById(pid).Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It went with its parent.
        }
    }
}
