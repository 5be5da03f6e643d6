namespace Rlef.Experiments;

/// <summary>Where the project's own files lie: the nearest folder upwards that holds Rlef.Core.sln, or what RLEF_HOME names.</summary>
public static class Home
{
    /// <exception cref="DirectoryNotFoundException">It is nowhere; the message says what to set.</exception>
    public static string Folder => Found.Value;

    static readonly Lazy<string> Found = new(() => Environment.GetEnvironmentVariable("RLEF_HOME") is { Length: > 0 } home
        ? Directory.Exists(home) ? home : throw new DirectoryNotFoundException($"RLEF_HOME names {home}, where no folder is.")
        : Upwards(Path.GetDirectoryName(typeof(Home).Assembly.Location)!) ?? Upwards(Environment.CurrentDirectory)
            ?? throw new DirectoryNotFoundException("No folder above this one holds Rlef.Core.sln. Set RLEF_HOME to the project's folder."));

    public static string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    static string? Upwards(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            if (System.IO.File.Exists(Path.Combine(folder, "Rlef.Core.sln")))
                return folder;
        return null;
    }
}
