using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rlef.Cli.Tests;

/// <summary>A training process that is killed at random moments and started again ends as one that was left alone.</summary>
public sealed partial class KillTests
{
    const int Updates = 8, Kills = 6;

    [Fact]
    public async Task Kills_change_no_number()
    {
        using var folder = new TrainFolder();
        var clock = Stopwatch.StartNew();
        var (code, _, error) = await folder.TrainAsync("whole", Updates);
        Assert.True(code == 0, error);
        var alone = clock.Elapsed;

        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var (alive, inCheckpoint) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = folder.Start("broken", Updates);
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            // Half of them while a checkpoint is being written, the others at any moment of start-up, rollouts and learning.
            if (kill % 2 == 0)
            {
                if (await NextAsync(folder.File("broken", "checkpoints"), "*.tmp", process))
                    inCheckpoint++;
            }
            else
            {
                // No later than an update: on a machine that has become faster the run would end before it was killed as often.
                using var moment = new CancellationTokenSource(alone * (0.05 + 0.3 * random.NextDouble()));
                await NextAsync(folder.File("broken"), "metrics.jsonl", process, moment.Token);
            }
            Assert.True(!process.HasExited || process.ExitCode == 0, $"seed {seed}, kill {kill}: {(process.HasExited ? await errors : "")}");
            alive += process.HasExited ? 0 : 1;
            process.Kill();
            await process.WaitForExitAsync();
        }
        (code, _, error) = await folder.TrainAsync("broken", Updates);
        Assert.True(code == 0, $"seed {seed}: {error}");
        Assert.True(alive >= Kills - 2 && inCheckpoint >= 1, $"seed {seed}: {alive} kills met a live process, {inCheckpoint} the writing of a checkpoint.");
        Assert.Equal(Updates, folder.Metrics("whole").Length);
        Assert.Equal(folder.Metrics("whole"), folder.Metrics("broken"));
        foreach (var file in (string[])["episodes.jsonl", "config.json", "policy/model.safetensors"])
            Assert.True(File.ReadAllBytes(folder.File("whole", file)).AsSpan().SequenceEqual(File.ReadAllBytes(folder.File("broken", file))), $"seed {seed}: {file} differs.");
        Assert.Empty(Directory.GetFiles(folder.File("broken"), "*.tmp", SearchOption.AllDirectories));
    }

    // At any moment of play and learning, which goes on in threads of libtorch's own.
    [Fact]
    public async Task Two_signals_in_a_row_end_it_with_their_code()
    {
        using var folder = new TrainFolder();
        var random = new Random(1);
        var alive = 0;
        for (var time = 0; time < 3; time++)
        {
            using var process = folder.Start($"interrupted-{time}", Updates);
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            await NextAsync(folder.File($"interrupted-{time}"), "metrics.jsonl", process);
            await Task.Delay(random.Next(1000));
            alive += process.HasExited ? 0 : 1;
            kill(process.Id, Terminate);
            // Two that come together are one to the kernel.
            await Task.Delay(4 * (time + 1));
            kill(process.Id, Terminate);
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode is 130 or 0, $"{process.ExitCode}: {await errors}");
        }
        Assert.True(alive >= 2, $"{alive} signals met a live process.");
    }

    const int Terminate = 15;

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    // Returns when such a file is made or grows, such as the next checkpoint while it is being written, or when the process has ended.
    static async Task<bool> NextAsync(string folder, string files, Process process, CancellationToken moment = default)
    {
        Directory.CreateDirectory(folder);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder, files) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => begun.TrySetResult();
        watcher.Changed += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        return await Task.WhenAny(begun.Task, process.WaitForExitAsync(moment)) == begun.Task;
    }
}
