using System.Diagnostics;
using System.Runtime.InteropServices;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>A command that a signal ends while it writes a file leaves no part of it.</summary>
public sealed partial class UnfinishedFileTests : IDisposable
{
    const int Terminate = 15, Continue = 18, Stop = 19;

    readonly string folder = Directory.CreateTempSubdirectory("rlef-unfinished-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    // It waits for its input with the output begun, and ends by the first signal.
    [Fact]
    public async Task One_signal_ends_a_command_that_does_not_listen()
    {
        var (input, output) = (Path.Combine(folder, "responses.jsonl"), Path.Combine(folder, "programs.jsonl"));
        Assert.Equal(0, (await RunAsync("mkfifo", input)).Code);
        using var process = Start("dotnet", [Dll, "extract", input, "--out", output]);
        var finished = process.FinishAsync();
        await BegunAsync(process);
        kill(process.Id, Terminate);
        Assert.Equal((128 + Terminate, "", ""), await finished);
        Assert.Equal([input], Directory.GetFiles(folder));
    }

    [Fact]
    public async Task Two_signals_end_one_that_puts_away_what_it_has_in_hand()
    {
        var met = 0;
        for (var time = 0; time < 20 && met < 3; time++)
        {
            using var process = Start("dotnet", [Dll, "problems", "generate", "--world", "nano", "--out", folder]);
            var finished = process.FinishAsync();
            await BegunAsync(process);
            // Held where it stands: what is there now is there until it is told to go on.
            kill(process.Id, Stop);
            met += Parts().Length;
            kill(process.Id, Terminate);
            kill(process.Id, Continue);
            while (!finished.IsCompleted)
            {
                await Task.Delay(1);
                kill(process.Id, Terminate);
            }
            Assert.True((await finished).Code is 0 or 130);
            Assert.Empty(Parts());
            foreach (var file in Directory.GetFiles(folder))
                File.Delete(file);
        }
        Assert.True(met > 0, "No signal met a file that was being written.");
    }

    string[] Parts() => Directory.GetFiles(folder, "*.tmp");

    async Task BegunAsync(Process process)
    {
        while (Parts().Length == 0 && !process.HasExited)
            await Task.Yield();
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
