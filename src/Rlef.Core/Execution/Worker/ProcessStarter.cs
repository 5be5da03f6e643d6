using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rlef.Execution;

/// <summary>
/// Starts processes on one thread that lasts as long as this process. To the kernel a child's parent is the thread that started it: what asks to die with
/// its parent, as bubblewrap does, would die with an idle thread of the pool.
/// </summary>
static class ProcessStarter
{
    static readonly BlockingCollection<Action> requests = [];

    static ProcessStarter() => new Thread(Serve) { IsBackground = true, Name = "process starter" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        requests.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(command)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    static void Serve()
    {
        foreach (var request in requests.GetConsumingEnumerable())
            request();
    }
}
