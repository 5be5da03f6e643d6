using System.Text.Json;

namespace Rlef.Storage;

/// <summary>Files of one JSON value a line, which grow while they are read.</summary>
public static class JsonLines
{
    /// <summary>The values, one after the other. A last line that is still being written, or was cut, is left out.</summary>
    /// <returns>Nothing if there is no such file.</returns>
    /// <exception cref="InvalidDataException">A line is no such value; the message names file and line.</exception>
    public static IEnumerable<T> Read<T>(string path, JsonSerializerOptions? options = null)
    {
        if (!File.Exists(path))
            yield break;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        foreach (var value in Read<T>(path, stream, options))
            yield return value;
    }

    /// <summary>The same of a file that is open already, from where it stands.</summary>
    public static IEnumerable<T> Read<T>(string path, FileStream stream, JsonSerializerOptions? options = null)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            T? value;
            try
            {
                value = JsonSerializer.Deserialize<T>(line, options) ?? throw new JsonException("a value is expected, not null.");
            }
            catch (JsonException) when (reader.Peek() < 0 && !EndsItsLine(stream))
            {
                yield break;
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{path}, line {number}: {e.InWords()}.", e);
            }
            yield return value;
        }
    }

    static bool EndsItsLine(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }
}
