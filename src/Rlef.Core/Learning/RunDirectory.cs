using System.Text;
using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Learning;

/// <summary>
/// What a run leaves behind: <c>config.json</c>, <c>environments.jsonl</c> (one line a start), <c>metrics.jsonl</c> (one line an update), <c>episodes.jsonl</c> (sampled
/// transcripts) and <c>checkpoints/</c>. Whole files are written under another name, synced and renamed, so that a reader or a resumed
/// run never sees half of one.
/// </summary>
public sealed class RunDirectory
{
    /// <summary>Creates the directory if need be.</summary>
    /// <exception cref="ArgumentException">It is a file, or below one.</exception>
    public RunDirectory(string path)
        : this(path, create: true)
    {
    }

    RunDirectory(string path, bool create)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (!create)
            return;
        Folder.Create(Path);
        Folder.Create(System.IO.Path.Combine(Path, "checkpoints"));
    }

    /// <summary>A run to be read; nothing is created.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">No run has begun there.</exception>
    public static RunDirectory Open(string path)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: there is no such folder. A run lies where --run of train or run put it.");
        var run = new RunDirectory(path, create: false);
        return System.IO.File.Exists(run.File("config.json"))
            ? run
            : throw new InvalidDataException($"{path} holds no run: it has no config.json. A run lies where --run of train or run put it, those of a sweep in its folder of runs.");
    }

    /// <summary>Whether a run has begun to be written there.</summary>
    public static bool IsIn(string folder) => new RunDirectory(folder, create: false) is var run && (Directory.Exists(run.File("checkpoints")) || System.IO.File.Exists(run.MetricsPath));

    public string Path { get; }
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));
    public string File(string name) => System.IO.Path.Combine(Path, name);
    public string EnvironmentsPath => File("environments.jsonl");
    public string MetricsPath => File("metrics.jsonl");
    public string EpisodesPath => File("episodes.jsonl");
    public string CheckpointPath(int update) => System.IO.Path.Combine(Path, "checkpoints", $"{update:D6}");

    /// <summary>Updates that have a complete checkpoint, the newest first.</summary>
    public IEnumerable<int> Checkpoints => Directory.EnumerateDirectories(File("checkpoints"))
        .Select(d => int.TryParse(System.IO.Path.GetFileName(d), out var update) ? update : -1)
        .Where(update => update >= 0).OrderDescending();

    /// <summary>Keeps other processes from training in this folder until it is disposed of.</summary>
    /// <exception cref="IOException">One does.</exception>
    public IDisposable Hold() => FileLock.TryTake(File(".lock"))
        ?? throw new IOException($"{Path}: another process trains in this folder. Wait for its end, or name another folder with --run.");

    /// <summary>Appends one JSON line.</summary>
    /// <param name="synced">Whether it is on the disk then, for what must not be outlived by a checkpoint that follows.</param>
    public static void Append<T>(string path, T record, bool synced = false)
    {
        using var stream = new FileStream(path, FileMode.Append);
        stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(record, SnakeJson.Line) + "\n"));
        stream.Flush(synced);
    }

    /// <summary>Drops lines of updates from <paramref name="update"/> on, and a last line that was cut: they will be written again.</summary>
    /// <exception cref="InvalidDataException">Another line is damaged, or metrics of earlier updates are gone; the message names it, and nothing was dropped.</exception>
    public void TruncateTo(int update)
    {
        List<(string Path, List<string> Lines)> kept;
        try
        {
            kept = [.. ((string[])[EnvironmentsPath, MetricsPath, EpisodesPath]).Where(System.IO.File.Exists).Select(path => (path, LinesBefore(update, path).ToList()))];
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message} Mend that line, or remove it; the run then goes on.", e);
        }
        var measured = kept.Where(k => k.Path == MetricsPath).Sum(k => k.Lines.Count);
        if (measured < update)
            throw new InvalidDataException($"{MetricsPath} has lines of {measured} updates, and {update} were made: what the others measured is lost. Put the lines back, "
                + (Checkpoints.FirstOrDefault(c => c <= measured) is > 0 and var whole
                    ? $"delete {string.Join(" and ", Checkpoints.Where(c => c > whole).Order().Select(CheckpointPath))} to go on from update {whole + 1}, " : "")
                + $"or delete {Path} to begin anew.");
        foreach (var (path, lines) in kept)
            AtomicFile.WriteText(path, string.Concat(lines));
    }

    static IEnumerable<string> LinesBefore(int update, string path) => JsonLines.Read<JsonElement>(path).Select((line, i) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty("update", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt32(out var of)
            ? of < update ? line.GetRawText() + "\n" : ""
            : throw new InvalidDataException($"{path}, line {i + 1}: an object with a whole number 'update' is expected.")).Where(line => line.Length > 0);

    /// <summary>The metrics so far, one dictionary an update.</summary>
    /// <exception cref="InvalidDataException">A line is damaged; the message names it.</exception>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> ReadMetrics() => [.. JsonLines.Read<Dictionary<string, double>>(MetricsPath).Select((metrics, i) =>
        metrics.ContainsKey("update") ? metrics : throw new InvalidDataException($"{MetricsPath}, line {i + 1}: 'update' is missing."))];

    /// <summary>What its parts were computed with, the earliest first.</summary>
    /// <exception cref="InvalidDataException">A line is damaged; the message names it.</exception>
    public IEnumerable<RunStart> ReadStarts() => JsonLines.Read<RunStart>(EnvironmentsPath, SnakeJson.Line);

    /// <summary>The sampled transcripts so far, read as they are asked for.</summary>
    /// <exception cref="InvalidDataException">A line is damaged; the message names it.</exception>
    public IEnumerable<Transcript> ReadTranscripts() => JsonLines.Read<Transcript>(EpisodesPath, SnakeJson.Line);
}
