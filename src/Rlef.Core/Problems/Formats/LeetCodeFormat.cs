using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// LeetCodeDataset (Xia et al. 2025): a statement, imports and helpers that every program finds, a class Solution, and assertions. Those calls are public that
/// the statement shows.
/// </summary>
sealed partial class LeetCodeFormat : ProblemFormat
{
    static readonly Limits TimeLimits = new(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(30), 1L << 30, 16 << 20);

    [GeneratedRegex(@"^(?:Solution\(\)\.)?([A-Za-z_]\w*)$")]
    private static partial Regex Entry { get; }

    public override string Name => "leetcode";

    public override bool Recognises(JsonElement record) => Has(record, "task_id", "prompt", "completion", "entry_point", "test") && !Has(record, "canonical_solution");

    public override ProblemDraft Read(JsonRecord record) =>
        Draft(record, record, record.Id("task_id"), Statement(record), record.RequiredText("completion", "tests are made by running it."), null);

    /// <summary>A problem that is judged by the tests of a record of this set, which may be another one.</summary>
    public static ProblemDraft Draft(JsonRecord record, JsonRecord tests, string id, string statement, string reference, string? draft)
    {
        var entry = tests.RequiredText("entry_point");
        if (Entry.Match(entry) is not { Success: true } match)
            throw tests.Fault("entry_point", $"Solution().name is expected, not '{entry}'.");
        return ScriptedTests.Draft(record, new Problem
        {
            Id = id,
            Statement = WithStarter(statement, Starter(tests)),
            PublicTests = [],
            PrivateTests = [],
            Reference = reference,
            Draft = draft,
            EntryPoint = match.Groups[1].Value,
            EntryClass = "Solution",
            Preamble = $"{StandardImports.LeetCode}\n{tests.RequiredText("prompt", "it has the imports and helpers that programs rely on.")}",
            Limits = TimeLimits,
        }, [$"{tests.RequiredText("test")}\ncheck({match.Groups[1].Value})\n"], byPosition: true, byStatement: true);
    }

    static string WithStarter(string statement, string? starter) => string.IsNullOrWhiteSpace(starter) ? statement : $"{statement.TrimEnd()}\n\n{starter.Trim()}\n";

    // In records of version 0.3 at top level, else in meta, where the whole statement is called the title.
    static string Statement(JsonRecord record) => record.Text("problem_description") ?? Meta(record, "question_title")
        ?? record.RequiredText("query", "the statement is in problem_description, meta.question_title or query.");

    static string? Starter(JsonRecord record) => record.Text("starter_code") ?? Meta(record, "lang_code");

    static string? Meta(JsonRecord record, string field) => record.Root.TryGetProperty("meta", out var meta) && meta.ValueKind == JsonValueKind.Object
        ? record.Text(meta, field, $"meta.{field}") : null;
}
