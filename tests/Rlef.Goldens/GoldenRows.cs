using System.IO.Compression;
using System.Text.Json;

namespace Rlef.Goldens;

/// <summary>Reads the rows of a file: the list <c>cases</c> of a JSON object, or a JSON object a line, gzipped.</summary>
static class GoldenRows
{
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var document = await JsonDocument.ParseAsync(file, cancellationToken: cancellation);
            return [.. document.RootElement.GetProperty("cases").Clone().EnumerateArray()];
        }
        await using var plain = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        List<JsonElement> rows = [];
        while (await reader.ReadLineAsync(cancellation) is { } line)
            if (line.Length > 0)
                rows.Add(JsonElement.Parse(line));
        return rows;
    }
}
