using System.Runtime.InteropServices;
using Rlef.Native;

namespace Rlef.Cli;

/// <summary>Ctrl-C and SIGTERM. The first asks the command to put away what it has in hand; the process ends when its time for that is over, or by the second.</summary>
sealed class Interruption : IDisposable
{
    /// <summary>Exit code of a command that was interrupted.</summary>
    public const int ExitCode = 130;

    // Not disposed: a signal may be heard while the command ends.
    readonly CancellationTokenSource source = new();
    readonly TimeSpan grace;
    readonly PosixSignalRegistration[] registrations;
    bool heard;

    /// <param name="grace">How long the command may take to end.</param>
    public Interruption(TimeSpan grace)
    {
        this.grace = grace;
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear)];
    }

    /// <summary>Cancelled by the first.</summary>
    public CancellationToken Token => source.Token;

    void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Exchange(ref heard, true))
            End();
        _ = Task.Delay(grace).ContinueWith(_ => End(), TaskScheduler.Default);
        source.Cancel();
    }

    /// <summary>Told before the process ends at once.</summary>
    public static event Action? Ending;

    static void End()
    {
        Ending?.Invoke();
        ProcessEnd.AtOnce(ExitCode);
    }

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
    }
}
