using System.Text;
using Rlef.Storage;

namespace Rlef.Problems.Formats;

/// <summary>The files of a problem that is a folder.</summary>
static class PackageText
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text for readers: a byte order mark is none of it.</summary>
    /// <exception cref="ProblemFormatException">It is no UTF-8.</exception>
    /// <exception cref="InvalidDataException">It is a pointer of Git LFS.</exception>
    public static string Read(string path)
    {
        try
        {
            return Utf8File.Read(path);
        }
        catch (InvalidDataException e) when (e.InnerException is DecoderFallbackException)
        {
            throw new ProblemFormatException(path, 1, ProblemFault.WholeFile, "not UTF-8; save it as such.");
        }
    }

    /// <summary>A text for programs: what is none would reach them altered.</summary>
    /// <exception cref="ProblemFormatException">It is no UTF-8.</exception>
    public static string Exact(string path)
    {
        try
        {
            return Utf8.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemFormatException(path, 1, ProblemFault.WholeFile, "not UTF-8; inputs and answers that are no text cannot be judged.");
        }
    }
}
