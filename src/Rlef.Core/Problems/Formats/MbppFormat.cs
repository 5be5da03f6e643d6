using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rlef.Problems.Formats;

/// <summary>
/// MBPP and its sanitized version (Austin et al. 2021): a sentence, code, and assertions. The code turns the assertions into tests; the first
/// assertion is public and stands in the statement, since it alone tells the function's name. EvalPlus' table of MBPP+ on the hub has more test code
/// beside the assertions.
/// </summary>
sealed partial class MbppFormat : ProblemFormat
{
    [GeneratedRegex(@"^def\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Definition { get; }

    [GeneratedRegex(@"(\w+)\s*\(")]
    private static partial Regex Call { get; }

    public override string Name => "mbpp";

    public override bool Recognises(JsonElement record) => Has(record, "task_id", "code", "test_list");

    public override ProblemDraft Read(JsonRecord record)
    {
        var code = record.RequiredText("code").ReplaceLineEndings("\n");
        var asserts = record.Texts("test_list").AddRange(record.Texts("challenge_test_list"));
        // What the hub's table of MBPP+ has beyond MBPP.
        var further = record.Text("test") is { Length: > 0 } script ? script.ReplaceLineEndings("\n") : null;
        if (asserts.IsEmpty)
            throw record.Fault("test_list", "empty; without a test nothing can be judged.");
        var defined = Definition.Matches(code).Select(m => m.Groups[1].Value).ToHashSet();
        var entry = Call.Matches(asserts[0]).Select(m => m.Groups[1].Value).FirstOrDefault(defined.Contains)
            ?? throw record.Fault("test_list[0]", "it calls no function that the code defines.");
        var setup = string.Join('\n', [.. record.Texts("test_imports"), record.Text("test_setup_code") ?? ""]).ReplaceLineEndings("\n").Trim();
        return ScriptedTests.Draft(record, new Problem
        {
            Id = record.Id("task_id"),
            Statement = $"{record.Text("text") ?? record.RequiredText("prompt", "the statement is in text or prompt.")}\nYour code should pass this test:\n\n{asserts[0]}\n",
            PublicTests = [],
            PrivateTests = [],
            Reference = code,
            EntryPoint = entry,
            Setup = setup.Length > 0 ? setup : null,
            Limits = HumanEvalFormat.Limits,
        }, [.. asserts, .. further is null ? [] : (string[])[further]]);
    }
}
