namespace Rlef.Execution;

/// <summary>The worker's Python files, which travel inside this assembly.</summary>
static class WorkerFiles
{
    /// <summary>Writes them to a new folder that every user can read, since workers run as nobody.</summary>
    public static string Write()
    {
        if (!OperatingSystem.IsLinux())
            throw new SandboxUnavailableException("The local sandbox needs Linux: its walls are Linux namespaces and system call filters.");
        const UnixFileMode folderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var folder = Directory.CreateTempSubdirectory("rlef-sandbox-").FullName;
        File.SetUnixFileMode(folder, folderMode);
        foreach (var name in (string[])["worker.py", "seccomp.py"])
        {
            using var source = typeof(WorkerFiles).Assembly.GetManifestResourceStream(name)!;
            var path = Path.Combine(folder, name);
            using (var target = File.Create(path))
                source.CopyTo(target);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        return folder;
    }
}
