namespace Rlef.Storage;

/// <summary>Folders that are written into, by the names that users give them.</summary>
public static class Folder
{
    /// <summary>Makes a folder and those above it, where they are not there.</summary>
    /// <inheritdoc cref="Check" path="/exception"/>
    public static void Create(string path)
    {
        Check(path);
        Directory.CreateDirectory(path);
    }

    /// <exception cref="ArgumentException">It is a file, or below one; the message names it.</exception>
    public static void Check(string path)
    {
        for (var place = Path.GetFullPath(path); place is not null && !Directory.Exists(place); place = Path.GetDirectoryName(place))
            if (File.Exists(place))
                throw new ArgumentException($"{path}: {(place == Path.GetFullPath(path) ? "this" : place)} is a file; name a folder.");
    }
}
