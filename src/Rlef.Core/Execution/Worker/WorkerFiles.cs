namespace Rlef.Execution;

/// <summary>The worker's Python files, which travel inside this assembly.</summary>
static class WorkerFiles
{
    static readonly string[] Names = ["worker.py", "process.py", "zygote.py", "program.py", "fork_cost.py", "seccomp.py", "landlock.py", "rlef_values.py"];

    /// <summary>The interpreter's arguments, with these files in <c>/worker</c>.</summary>
    public static readonly string[] Arguments = ["-s", "-S", "-P", "-B", "/worker/worker.py"];

    /// <summary>Each file's name and content.</summary>
    public static IEnumerable<(string Name, Stream Content)> All() =>
        Names.Select(name => (name, typeof(WorkerFiles).Assembly.GetManifestResourceStream(name)!));

    /// <summary>Writes them to a new folder that every user can read, since workers run as nobody.</summary>
    public static string Write()
    {
        if (!OperatingSystem.IsLinux())
            throw new SandboxUnavailableException("The local sandbox needs Linux: its walls are Linux namespaces and system call filters.");
        const UnixFileMode folderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var folder = Directory.CreateTempSubdirectory("rlef-sandbox-").FullName;
        File.SetUnixFileMode(folder, folderMode);
        foreach (var (name, source) in All())
        {
            var path = Path.Combine(folder, name);
            using (var target = File.Create(path))
                source.CopyTo(target);
            source.Dispose();
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        return folder;
    }
}
