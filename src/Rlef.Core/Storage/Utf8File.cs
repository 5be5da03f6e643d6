using System.Text;

namespace Rlef.Storage;

/// <summary>Files of text that must come through unaltered.</summary>
public static class Utf8File
{
    /// <exception cref="InvalidDataException">The bytes are not UTF-8, or a pointer of Git LFS; the message names the file.</exception>
    public static string Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            GitLfs.Refuse(path, text);
            return text;
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"{path}: bytes that are not UTF-8 text. Save the file as UTF-8.", e);
        }
    }
}
