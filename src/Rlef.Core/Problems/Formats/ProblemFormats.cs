using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>All formats, and which of them a file or folder is of.</summary>
static class ProblemFormats
{
    // The records of some have the fields of others, and more: these come first.
    static readonly ProblemFormat[] All =
    [
        new RlefFormat(), new HumanEvalPackFormat(), new LeetCodeFormat(), new DebugBenchFormat(), new QuixBugsFormat(), new PuzzleFormat(),
        new CodeIoFormat(), new HumanEvalFormat(), new EvalPlusFormat(), new MbppFormat(), new CodeContestsFormat(), new AppsFormat(),
        new LiveCodeBenchFormat(), new KattisFormat(),
    ];

    public static IEnumerable<string> Names => All.Select(f => f.Name);

    /// <exception cref="ArgumentException">There is no format of that name.</exception>
    public static ProblemFormat Named(string name) => All.FirstOrDefault(f => f.Name == name)
        ?? throw new ArgumentException($"'{name}' is no problem format; the formats are {string.Join(", ", Names)}.");

    public static ProblemFormat? Of(JsonElement record) => All.FirstOrDefault(f => f.Recognises(record));

    public static ProblemFormat? Of(string folder) => All.FirstOrDefault(f => f.Recognises(folder));
}
