namespace Rlef.Storage;

/// <summary>Where paths lead, however they are written.</summary>
public static class RealPath
{
    /// <summary>The path from the root, with all links followed and without a separator at its end. What does not exist yet stays as it is.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (new FileInfo(real).LinkTarget is not null)
                real = Of(File.ResolveLinkTarget(real, returnFinalTarget: true)!.FullName);
        }
        return real;
    }

    /// <summary>Whether two paths lead to one file or folder.</summary>
    public static bool AreSame(string a, string b) => Of(a) == Of(b);

    /// <summary>Whether a path leads to a device, a pipe or what else the kernel shows as a file.</summary>
    public static bool IsOfKernel(string path) => Path.GetFullPath(path) is var full && (full.StartsWith("/dev/", StringComparison.Ordinal)
        && !full.StartsWith("/dev/shm/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal));
}
