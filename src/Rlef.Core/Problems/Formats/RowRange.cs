using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlef.Problems.Formats;

/// <summary>Some of a set's problems by their place, from 1, as in <c>mbpp.jsonl#601-974</c>: the way to a split that a file does not name.</summary>
readonly partial record struct RowRange(int First, int Last)
{
    [GeneratedRegex(@"^(?<file>.+)#(?<first>[0-9]{1,9})-(?<last>[0-9]{1,9})$", RegexOptions.Singleline)]
    private static partial Regex Suffix { get; }

    /// <summary>Path and range where a path ends with one and is no file's or folder's own name.</summary>
    /// <exception cref="ArgumentException">The range has no beginning, or ends before it.</exception>
    public static (string Path, RowRange Rows)? Split(string path)
    {
        if (File.Exists(path) || Directory.Exists(path) || Suffix.Match(path) is not { Success: true } match)
            return null;
        int first = Number("first"), last = Number("last");
        return first < 1 || last < first
            ? throw new ArgumentException($"{path}: a range of problems is #FIRST-LAST, counted from 1, such as #1-100.")
            : (match.Groups["file"].Value, new(first, last));

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    /// <exception cref="ArgumentException">There are fewer records than the range asks for.</exception>
    public IEnumerable<T> Of<T>(string path, IEnumerable<T> records)
    {
        var row = 0;
        foreach (var record in records)
        {
            if (++row >= First)
                yield return record;
            if (row == Last)
                yield break;
        }
        throw new ArgumentException($"{path} has {row:N0} problems, and #{First}-{Last} asks for more.");
    }
}
