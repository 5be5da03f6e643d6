using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Rlef.Problems.Formats;

namespace Rlef.Problems;

/// <summary>
/// Problems that stand in two sets alike, by whatever id: what was trained on says nothing when it is evaluated on. Two problems are the same if the words of
/// their statements are the same, or the code of their references without comments, docstrings and white space, or if they ask for a function of the same name
/// and share half of the shorter statement's runs of five words. A name that dozens of problems ask for, such as CodeI/O's <c>main_solution</c>, is nobody's.
/// </summary>
public static partial class ProblemOverlap
{
    const int Run = 5, CommonName = 12;
    const double Share = 0.5;

    /// <param name="First">Id in the one set.</param>
    /// <param name="Second">Id in the other.</param>
    /// <param name="By">What is the same: <c>statement</c>, <c>reference</c> or <c>entry point</c>.</param>
    public readonly record struct Pair(string First, string Second, string By);

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex Word { get; }

    [GeneratedRegex("""(?:\"\"\"|''')[\s\S]*?(?:\"\"\"|''')|#.*|\s""")]
    private static partial Regex NoCode { get; }

    /// <summary>Every pair of problems that are the same, in the order of the sets.</summary>
    public static ImmutableArray<Pair> Find(IEnumerable<Problem> first, IEnumerable<Problem> second)
    {
        var others = second.Select(p => new Traits(p)).ToList();
        var byStatement = others.ToLookup(o => o.Words, StringComparer.Ordinal);
        var byReference = others.Where(o => o.Code.Length > 0).ToLookup(o => o.Code, StringComparer.Ordinal);
        var byEntry = others.Where(o => o.Entry is not null).GroupBy(o => o.Entry!, StringComparer.Ordinal).Where(g => g.Count() < CommonName)
            .SelectMany(g => g).ToLookup(o => o.Entry!, StringComparer.Ordinal);
        return [.. first.Select(p => new Traits(p)).SelectMany(one => byStatement[one.Words].Select(o => (Other: o, By: "statement"))
            .Concat(byReference[one.Code].Select(o => (Other: o, By: "reference")))
            .Concat(one.Entry is null ? [] : byEntry[one.Entry].Where(one.SharesWords).Select(o => (Other: o, By: "entry point")))
            .DistinctBy(s => s.Other).Select(s => new Pair(one.Id, s.Other.Id, s.By)))];
    }

    /// <summary>The same of files, of any known format; no program is run.</summary>
    /// <exception cref="ProblemFormatException">One of them is of no known format.</exception>
    public static ImmutableArray<Pair> Find(string first, string second, string? firstFormat = null, string? secondFormat = null) =>
        Find(Read(first, firstFormat), Read(second, secondFormat));

    static IEnumerable<Problem> Read(string path, string? format) => ProblemSource.Open(path, format).Records.Select(r => r.Draft?.Problem).OfType<Problem>();

    sealed class Traits
    {
        readonly string[] words;
        readonly Lazy<HashSet<string>> runs;

        public Traits(Problem problem)
        {
            (Id, Entry) = (problem.Id, problem.EntryPoint);
            words = [.. Word.Matches(problem.Statement.ToLowerInvariant()).Select(m => m.Value)];
            Words = string.Join(' ', words);
            Code = problem.Reference is { } reference ? NoCode.Replace(reference, "") : "";
            runs = new(() => [.. Enumerable.Range(0, Math.Max(0, words.Length - Run + 1)).Select(i => string.Join(' ', words.AsSpan(i, Run)!))]);
        }

        public string Id { get; }
        public string? Entry { get; }
        public string Words { get; }
        public string Code { get; }

        public bool SharesWords(Traits other) => Math.Min(runs.Value.Count, other.runs.Value.Count) is > 0 and var fewer
            && runs.Value.Count(other.runs.Value.Contains) >= Share * fewer;
    }
}
