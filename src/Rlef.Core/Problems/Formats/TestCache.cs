using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Rlef.Problems.Formats;

/// <summary>Tests made by recipes, kept by the hash of what made them. A cache that cannot be read or written is no error: the tests are made again.</summary>
sealed class TestCache(string folder)
{
    /// <summary>In <c>$XDG_CACHE_HOME/rlef/tests</c>, by default <c>~/.cache/rlef/tests</c>.</summary>
    public static TestCache Standard { get; } = new(Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "rlef", "tests"));

    public async Task<string?> ReadAsync(string key, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(PathOf(key));
            await using var plain = new BrotliStream(file, CompressionMode.Decompress);
            using var reader = new StreamReader(plain);
            var text = await reader.ReadToEndAsync(cancellation);
            // The hash of the content comes first, so that a damaged file is seen.
            return text.Length > 64 && text[..64] == Hash(text.AsSpan(64)) ? text[64..] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    public async Task WriteAsync(string key, string tests, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, Path.GetRandomFileName());
            await using (var plain = new BrotliStream(File.Create(temporary), CompressionLevel.Fastest))
                await plain.WriteAsync(Encoding.UTF8.GetBytes(Hash(tests) + tests), cancellation);
            File.Move(temporary, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    string PathOf(string key) => Path.Combine(folder, Hash(key) + ".br");

    static string Hash(ReadOnlySpan<char> text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToArray())));
}
