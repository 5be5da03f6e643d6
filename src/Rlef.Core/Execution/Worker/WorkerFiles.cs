namespace Rlef.Execution;

/// <summary>The worker's Python files, which travel inside this assembly.</summary>
static class WorkerFiles
{
    static readonly string[] Names = ["worker.py", "process.py", "zygote.py", "program.py", "namespace.py", "standard_files.py", "ending.py", "rehearsal.py",
        "fork_cost.py", "box.py", "seccomp.py", "landlock.py", "packages.py", "semaphores.py", "own_modules.py", "threads.py", "rlef_values.py"];

    /// <summary>The folder that programs find themselves in.</summary>
    public const string Box = "/box";

    /// <summary>What that folder may hold: bytes, and files and folders.</summary>
    public const int BoxBytes = 64 << 20, BoxFiles = 1024;

    /// <summary>
    /// Soft limit of the stack that the interpreter is started with, bytes. The kernel keeps as much address space free for it; what of it a program may use
    /// is among its own limits.
    /// </summary>
    public const long Stack = 4L << 30;

    /// <summary>The interpreter's arguments, with these files in <c>/worker</c>. Whole numbers have any number of digits, as on contest judges.</summary>
    public static readonly string[] Arguments = ["-s", "-S", "-P", "-B", "-X", "int_max_str_digits=0", "/worker/worker.py"];

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
        foreach (var mount in (string[])["box", "standard", "hidden"])
            Directory.CreateDirectory(Path.Combine(folder, mount));
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
