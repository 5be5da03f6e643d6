using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlef.Problems.Formats;

/// <summary>
/// The Parquet files of a set: one file, a folder of one split, or the shards of a split, named without their number: <c>data/test</c> for
/// <c>data/test-00000-of-00002.parquet</c> and its sister.
/// </summary>
static partial class ParquetShards
{
    const string Extension = ".parquet";

    [GeneratedRegex(@"^(?<split>.*)-(?<number>\d{5})-of-(?<count>\d{5})(?:-[0-9a-f]+)?\.parquet$", RegexOptions.ExplicitCapture)]
    private static partial Regex Shard { get; }

    /// <summary>The files in order, or empty for a path that is something else.</summary>
    /// <exception cref="InvalidDataException">The folder has several splits, or a shard is missing.</exception>
    public static IReadOnlyList<string> Of(string path)
    {
        if (File.Exists(path))
            return ParquetFile.Is(path) ? [path]
                : path.EndsWith(Extension, StringComparison.Ordinal) ? throw new InvalidDataException($"{path} is named .parquet but is no Parquet file. Fetch it again.")
                : [];
        if (Directory.Exists(path))
            return Whole(path, In(path, "*"));
        var (folder, split) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        return split.Length > 0 && Directory.Exists(folder) ? Whole(path, In(folder, split + "-*").Where(f => SplitOf(f) == split)) : [];
    }

    static IEnumerable<string> In(string folder, string pattern) => Directory.GetFiles(folder, pattern + Extension).Order(StringComparer.Ordinal);

    static string SplitOf(string file) => Shard.Match(Path.GetFileName(file)) is { Success: true } shard ? shard.Groups["split"].Value : Path.GetFileNameWithoutExtension(file);

    static List<string> Whole(string path, IEnumerable<string> files)
    {
        List<string> shards = [.. files];
        string[] splits = [.. shards.Select(SplitOf).Distinct()];
        if (splits.Length > 1)
            throw new InvalidDataException($"{path} holds several splits: {string.Join(", ", splits)}. Name one of them: {Path.Combine(path, splits[0])}");
        var numbers = shards.Select(f => Shard.Match(Path.GetFileName(f))).Where(m => m.Success).ToLookup(m => Number(m, "count"), m => Number(m, "number"));
        foreach (var group in numbers)
            if (Enumerable.Range(0, group.Key).Except(group).ToList() is { Count: > 0 } missing)
                throw new InvalidDataException($"{path}: of {group.Key} shards {missing.Count} are missing, the first is number {missing[0]:D5}. Fetch it.");
        return shards;

        static int Number(Match shard, string name) => int.Parse(shard.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
    }
}
