using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Rlef.Policy;

/// <summary>What a hub says of a file before it is fetched.</summary>
/// <param name="Tag">The hub's tag of the content: SHA-256 of a large file, git's SHA-1 of another.</param>
/// <param name="Size">In bytes; null where the hub does not tell.</param>
/// <param name="Address">Where the hub has it, or tells where it is.</param>
sealed partial record HubFile(string Path, string Tag, long? Size, Uri Address)
{
    const int Block = 1 << 20;

    /// <summary>Whether the tag can name a file of the cache, as a hub's do.</summary>
    public static bool IsTag(string tag) => TagShape.IsMatch(tag);

    /// <summary>Whether a file has the content; only by its size where the tag is no digest.</summary>
    public async Task<bool> MatchesAsync(string path, CancellationToken cancellation)
    {
        var size = new FileInfo(path).Length;
        if (Size is { } expected && expected != size)
            return false;
        var sha256 = Tag.Length == 64;
        if (!sha256 && Tag.Length != 40 || !Tag.All(char.IsAsciiHexDigit))
            return true;
        using var hash = IncrementalHash.CreateHash(sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (!sha256)
            hash.AppendData(Encoding.ASCII.GetBytes($"blob {size}\0"));
        await using var file = File.OpenRead(path);
        var block = new byte[Block];
        for (int read; (read = await file.ReadAsync(block, cancellation)) > 0;)
            hash.AppendData(block, 0, read);
        return Convert.ToHexString(hash.GetHashAndReset()).Equals(Tag, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex TagShape { get; }
}
