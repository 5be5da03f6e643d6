using System.Text;
using System.Text.Unicode;

namespace Rlef.Problems.Formats;

/// <summary>Lines of a text file, plain or gzipped. The content decides which, not the name.</summary>
sealed class LineReader : IDisposable
{
    readonly string path;
    readonly StreamReader reader;
    int number;

    /// <exception cref="IOException">The file cannot be read, or read again.</exception>
    public LineReader(string path)
    {
        this.path = path;
        reader = new StreamReader(Unzipped.Open(path), new UTF8Encoding(false, throwOnInvalidBytes: true));
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
        catch (InvalidDataException)
        {
            throw new InvalidDataException($"{path}: the gzip data break off or are damaged after line {number - 1}. Fetch the file again.");
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{path}, line {FirstForeignLine()}: bytes that are not UTF-8 text. Save the file as UTF-8.");
        }
    }

    // Whole blocks are decoded at once, so the line that was asked for is not the one at fault.
    int FirstForeignLine()
    {
        using var bytes = new StreamReader(Unzipped.Open(path), Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        var line = 1;
        try
        {
            while (bytes.ReadLine() is { } text && Utf8.IsValid(Encoding.Latin1.GetBytes(text)))
                line++;
        }
        catch (InvalidDataException)
        {
            // Damaged gzip data can be foreign bytes first, and break off before the end of their line.
        }
        return line;
    }

    public void Dispose() => reader.Dispose();
}
