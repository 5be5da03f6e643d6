using System.Diagnostics;

namespace Rlef.Execution;

/// <summary>A fork server that is a child process of this one.</summary>
sealed class WorkerProcess(Process process) : WorkerConnection(process.StandardInput.BaseStream, process.StandardOutput.BaseStream)
{
    // Read from the start, or a full pipe would stop the server.
    readonly Task<string> errors = process.StandardError.ReadToEndAsync();

    public override string Hint => "It needs bubblewrap and unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1).";

    public override async Task<string> ComplaintAsync()
    {
        process.Kill(entireProcessTree: true);
        return (await errors).Trim();
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            Input.Close();
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
        }
        process.Dispose();
    }
}
