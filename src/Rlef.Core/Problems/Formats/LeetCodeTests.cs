using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>
/// LeetCodeDataset's records by the problem's slug, for sets of LeetCode's problems that have no tests of their own: from files <c>LeetCodeDataset*</c> in the
/// set's folder, or in a folder <c>leetcode</c> beside that. The newest version of the set comes first.
/// </summary>
/// <param name="folder">Of the set without tests.</param>
sealed class LeetCodeTests(string folder)
{
    readonly Lock reading = new();
    Dictionary<string, JsonRecord>? records;

    public string Folder => folder;

    /// <exception cref="ProblemFormatException">There is none.</exception>
    public JsonRecord For(JsonRecord record, string slug)
    {
        lock (reading)
            records ??= Read(folder);
        return records.GetValueOrDefault(slug) ?? throw record.Fault("slug", records.Count == 0
            ? $"the set has no tests of its own: put LeetCodeDataset's files (LeetCodeDataset-….jsonl.gz) into {folder}, or into a folder leetcode beside it."
            : $"LeetCodeDataset's files in {folder} or beside it have no '{slug}', so there are no tests.");
    }

    static Dictionary<string, JsonRecord> Read(string folder)
    {
        var records = new Dictionary<string, JsonRecord>(StringComparer.Ordinal);
        string[] folders = [folder, Path.Combine(folder, "..", "leetcode")];
        foreach (var file in folders.Where(Directory.Exists).SelectMany(f => Directory.GetFiles(f, "LeetCodeDataset*")).OrderByDescending(Path.GetFileName, StringComparer.Ordinal))
            foreach (var (record, _) in RecordFile.Read(file))
                if (record is not null && record.Root.TryGetProperty("task_id", out var id) && id.ValueKind == JsonValueKind.String)
                    records.TryAdd(record.ReadText(id, "task_id"), record);
        return records;
    }
}
