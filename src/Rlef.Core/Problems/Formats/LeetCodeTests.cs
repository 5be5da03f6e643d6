using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>
/// LeetCodeDataset's records by the problem's slug, for sets of LeetCode's problems that have no tests of their own: from files <c>LeetCodeDataset*</c> in the
/// set's folder, or in a folder <c>leetcode</c> beside that. The newest version of the set comes first.
/// </summary>
sealed class LeetCodeTests
{
    readonly string folder;
    readonly Lock reading = new();
    readonly Dictionary<string, JsonRecord> records = new(StringComparer.Ordinal);
    bool read;

    LeetCodeTests(string folder) => this.folder = folder;

    /// <param name="file">A file of the set without tests.</param>
    public static LeetCodeTests Beside(string file) => new(Path.GetDirectoryName(Path.GetFullPath(file))!);

    /// <exception cref="ProblemFormatException">There is none.</exception>
    public JsonRecord For(JsonRecord record, string slug)
    {
        lock (reading)
        {
            if (!read)
                Read();
            read = true;
        }
        return records.GetValueOrDefault(slug) ?? throw record.Fault("slug", records.Count == 0
            ? $"the set has no tests of its own: put LeetCodeDataset's files (LeetCodeDataset-….jsonl.gz) into {folder}, or into a folder leetcode beside it."
            : $"LeetCodeDataset's files in {folder} or beside it have no '{slug}', so there are no tests.");
    }

    void Read()
    {
        string[] folders = [folder, Path.Combine(folder, "..", "leetcode")];
        foreach (var file in folders.Where(Directory.Exists).SelectMany(f => Directory.GetFiles(f, "LeetCodeDataset*")).OrderByDescending(Path.GetFileName, StringComparer.Ordinal))
            foreach (var (record, _) in RecordFile.Read(file))
                if (record is not null && record.Root.TryGetProperty("task_id", out var id) && id.ValueKind == JsonValueKind.String)
                    records.TryAdd(record.ReadText(id, "task_id"), record);
    }
}
