namespace Rlef.Experiments;

/// <summary>Where the project's own files lie: the nearest folder upwards that holds Rlef.Core.sln, or what RLEF_HOME names.</summary>
public static class Home
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("RLEF_HOME") is { Length: > 0 } home
        ? home
        : Upwards(Path.GetDirectoryName(typeof(Home).Assembly.Location)!) ?? Upwards(Environment.CurrentDirectory)
            ?? throw new DirectoryNotFoundException("No folder above this one holds Rlef.Core.sln. Set RLEF_HOME to the project's folder.");

    public static string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    static string? Upwards(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            if (System.IO.File.Exists(Path.Combine(folder, "Rlef.Core.sln")))
                return folder;
        return null;
    }
}
