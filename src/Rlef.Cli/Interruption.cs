using System.Runtime.InteropServices;
using Rlef.Native;
using Rlef.Storage;

namespace Rlef.Cli;

/// <summary>Ctrl-C and SIGTERM. The first asks the command to put away what it has in hand; the process ends when its time for that is over, or by the second.</summary>
sealed class Interruption
{
    /// <summary>Exit code of a command that was interrupted.</summary>
    public const int ExitCode = 130;

    // Not disposed: a signal may be heard while the command ends.
    readonly CancellationTokenSource source = new();
    readonly TimeSpan grace;
    // Kept to the end of the process: a signal that comes while it ends has no other code.
    static readonly List<PosixSignalRegistration> Registrations = [];
    bool heard;

    /// <param name="grace">How long the command may take to end.</param>
    public Interruption(TimeSpan grace)
    {
        this.grace = grace;
        Listen(Hear);
    }

    /// <summary>For a command that does not listen: it ends by the first, as any program, and leaves no file that is not whole.</summary>
    public static void LeaveNothing() => Listen(_ => AtomicFile.Abandon());

    static void Listen(Action<PosixSignalContext> hear) =>
        Registrations.AddRange([PosixSignalRegistration.Create(PosixSignal.SIGINT, hear), PosixSignalRegistration.Create(PosixSignal.SIGTERM, hear)]);

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
    public static event Action? Ending = AtomicFile.Abandon;

    static void End()
    {
        foreach (var handler in Ending?.GetInvocationList() ?? [])
            try
            {
                ((Action)handler)();
            }
            catch (Exception)
            {
                // Such as a process that has just ended by itself.
            }
        ProcessEnd.AtOnce(ExitCode);
    }
}
