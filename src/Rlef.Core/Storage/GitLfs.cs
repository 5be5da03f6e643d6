using System.Text;

namespace Rlef.Storage;

/// <summary>What a clone without Git LFS leaves in the place of large files: a few lines that say where the file is.</summary>
static class GitLfs
{
    const string Beginning = "version https://git-lfs.github.com/spec/";

    /// <exception cref="InvalidDataException">The file is such a pointer; the message says how to get the file.</exception>
    public static void Refuse(string path, ReadOnlySpan<char> text)
    {
        if (text.StartsWith(Beginning))
            throw new InvalidDataException($"{path} is a Git LFS pointer, not the file itself. Fetch it by `git lfs pull`.");
    }

    /// <summary>The same of a file's first bytes.</summary>
    public static void Refuse(string path, ReadOnlySpan<byte> bytes) => Refuse(path, Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Beginning.Length)]));
}
