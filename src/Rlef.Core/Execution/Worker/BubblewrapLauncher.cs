using System.Diagnostics;

namespace Rlef.Execution;

/// <summary>Starts fork servers in namespaces of their own, through bubblewrap.</summary>
/// <param name="python">Interpreter, under <c>/usr</c>.</param>
sealed class BubblewrapLauncher(string python) : IWorkerLauncher
{
    // Of all processes in the namespace together.
    const int MaxThreads = 64;

    /// <summary>Holds the server's files. It stands in the command line of every worker of this launcher.</summary>
    public string Folder { get; } = WorkerFiles.Write();

    public async Task<WorkerConnection> LaunchAsync(CancellationToken cancellation)
    {
        var command = Command();
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        return new WorkerProcess(await ProcessStarter.StartAsync(command));
    }

    ProcessStartInfo Command()
    {
        List<string> command = [];
        // As root, the kernel does not enforce the limit on processes: become nobody first.
        if (Environment.IsPrivilegedProcess)
            command.AddRange(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs"]);
        command.AddRange(["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--clearenv", "--setenv", "LC_ALL", "C.UTF-8", "--setenv", "PYTHONHASHSEED", "0", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
            "--dev", "/dev", "--ro-bind", Folder, "/worker", "--chdir", "/", "--remount-ro", "/dev", "--remount-ro", "/",
            python, .. WorkerFiles.Arguments, "--threads", $"{MaxThreads}"]);
        return new ProcessStartInfo(command[0], command.Skip(1));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
