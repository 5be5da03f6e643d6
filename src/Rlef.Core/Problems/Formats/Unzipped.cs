using Rlef.Storage;

namespace Rlef.Problems.Formats;

/// <summary>A file's content, whether it is gzipped or not.</summary>
static class Unzipped
{
    /// <returns>Data that throw an <see cref="InvalidDataException"/> where they are damaged or break off.</returns>
    /// <exception cref="IOException">It is not there, or is a pipe.</exception>
    /// <exception cref="InvalidDataException">It is named .gz and is not gzipped, or stands for another file that git keeps elsewhere.</exception>
    public static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new IOException($"{path} is a pipe, but is read more than once. Write its content to a file first.");
        }
        Span<byte> beginning = stackalloc byte[64];
        beginning = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        if (beginning is [0x1f, 0x8b, ..])
            return new WholeGzipStream(file);
        GitLfs.Refuse(path, beginning);
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
            return file;
        file.Dispose();
        throw new InvalidDataException($"{path} is named .gz but is not gzipped. Rename it, or fetch it again.");
    }
}
