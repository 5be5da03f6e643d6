using System.Text;

namespace Rlef.Problems.Formats;

/// <summary>Lines of a text file, plain or gzipped. The content decides which, not the name.</summary>
sealed class LineReader : IDisposable
{
    readonly string path;
    readonly StreamReader reader;
    int number;

    public LineReader(string path)
    {
        this.path = path;
        var file = File.OpenRead(path);
        var (first, second) = (file.ReadByte(), file.ReadByte());
        var zipped = first == 0x1f && second == 0x8b;
        if (!zipped && path.EndsWith(".gz", StringComparison.Ordinal))
        {
            file.Dispose();
            throw new InvalidDataException($"{path} is named .gz but is not gzipped. Rename it, or fetch it again.");
        }
        file.Position = 0;
        reader = new StreamReader(zipped ? new WholeGzipStream(file) : file, new UTF8Encoding(false, throwOnInvalidBytes: true));
    }

    /// <exception cref="InvalidDataException">The compressed data are broken, or the text is not UTF-8.</exception>
    public IEnumerable<(string Line, int Number)> Read()
    {
        while (Next() is { } line)
            yield return (line, number);
    }

    string? Next()
    {
        try
        {
            number++;
            return reader.ReadLine();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: the gzip data break off or are damaged after line {number - 1} ({e.Message}). Fetch the file again.");
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{path}: near line {number} there are bytes that are not UTF-8 text.");
        }
    }

    public void Dispose() => reader.Dispose();
}
