using System.Text.Json;

namespace Rlef.Storage;

/// <summary>Reads files of JSON.</summary>
public static class JsonFile
{
    /// <param name="wayOut">What to do about a damaged file, as a sentence.</param>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public static T Read<T>(string path, Func<string, T> parse, string wayOut = "")
    {
        try
        {
            return parse(Utf8File.Read(path));
        }
        // An element that is read as what it is not is an invalid operation.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: {e.OneLine()} {wayOut}".TrimEnd(), e);
        }
    }
}
