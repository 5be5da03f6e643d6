using System.Text;
using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Learning;

/// <summary>
/// What a run leaves behind: <c>config.json</c>, <c>environment.json</c>, <c>metrics.jsonl</c> (one line an update), <c>episodes.jsonl</c> (sampled
/// transcripts) and <c>checkpoints/</c>. Whole files are written under another name, synced and renamed, so that a reader or a resumed
/// run never sees half of one.
/// </summary>
public sealed class RunDirectory
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Creates the directory if need be.</summary>
    public RunDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "checkpoints"));
    }

    public string Path { get; }
    public string File(string name) => System.IO.Path.Combine(Path, name);
    public string MetricsPath => File("metrics.jsonl");
    public string EpisodesPath => File("episodes.jsonl");
    public string CheckpointPath(int update) => System.IO.Path.Combine(Path, "checkpoints", $"{update:D6}");

    /// <summary>Updates that have a complete checkpoint, the newest first.</summary>
    public IEnumerable<int> Checkpoints => Directory.EnumerateDirectories(File("checkpoints"))
        .Select(d => int.TryParse(System.IO.Path.GetFileName(d), out var update) ? update : -1)
        .Where(update => update >= 0).OrderDescending();

    /// <summary>Appends one JSON line.</summary>
    public static void Append<T>(string path, T record)
    {
        using var stream = new FileStream(path, FileMode.Append);
        stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(record, Json) + "\n"));
    }

    /// <summary>Drops lines of updates from <paramref name="update"/> on, and a last line that was cut: they will be written again.</summary>
    public void TruncateTo(int update)
    {
        foreach (var path in (string[])[MetricsPath, EpisodesPath])
            if (System.IO.File.Exists(path))
                AtomicFile.WriteText(path, string.Concat(System.IO.File.ReadLines(path).Where(Keep).Select(line => line + "\n")));

        bool Keep(string line)
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                return document.RootElement.TryGetProperty("update", out var at) && at.GetInt32() < update;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    /// <summary>The metrics so far, one dictionary an update.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> ReadMetrics() => !System.IO.File.Exists(MetricsPath)
        ? []
        : [.. System.IO.File.ReadLines(MetricsPath).Select(line => JsonSerializer.Deserialize<Dictionary<string, double>>(line)!)];
}
