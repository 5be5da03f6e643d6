using System.CommandLine;

namespace Rlef.Cli;

/// <summary>A command that runs until it is interrupted, and then finishes what others asked of it.</summary>
sealed class LastingCommand(string name, string description) : Command(name, description)
{
    /// <summary>How long that may take.</summary>
    public required Option<int> GraceSeconds { get; init; }

    /// <summary>Returns once the command is interrupted.</summary>
    public static async Task InterruptedAsync(CancellationToken cancellation)
    {
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellation.Register(interrupted.SetResult);
        await interrupted.Task;
    }
}
