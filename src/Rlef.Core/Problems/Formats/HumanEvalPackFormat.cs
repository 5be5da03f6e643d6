using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>
/// HumanEvalPack's task of repair, HumanEvalFix (Muennighoff et al. 2023): a problem of HumanEval with a wrong program, which becomes the draft, and the examples
/// of its docstring as test code, whose calls are public.
/// </summary>
sealed class HumanEvalPackFormat : ProblemFormat
{
    public override string Name => "humanevalpack";

    public override bool Recognises(JsonElement record) => Has(record, "task_id", "prompt", "entry_point", "test", "buggy_solution");

    public override ProblemDraft Read(JsonRecord record)
    {
        var (id, prompt, entry) = (record.Id("task_id"), record.RequiredText("prompt"), record.RequiredText("entry_point"));
        if (id.Split('/') is [var language, _] && language is not ("Python" or "HumanEval"))
            throw record.Fault("task_id", $"a problem in {language}; only those in Python can be judged.");
        var solution = record.RequiredText("canonical_solution", "tests are made by running it.");
        var (test, examples) = (record.RequiredText("test"), record.Text("example_test"));
        return ScriptedTests.Draft(record, new Problem
        {
            Id = id,
            Statement = prompt,
            PublicTests = [],
            PrivateTests = [],
            Reference = prompt + solution,
            Draft = (record.Text("declaration") ?? prompt) + record.RequiredText("buggy_solution"),
            EntryPoint = entry,
            CompletionPrefix = prompt,
            Limits = HumanEvalFormat.Limits,
        }, IsCode(examples) ? [examples!, test] : [test]);
    }

    // Of some records it is blank, or indented lines that continue the function behind its last return.
    static bool IsCode(string? examples) => examples?.TrimStart('\r', '\n') is [var first, ..] && !char.IsWhiteSpace(first);
}
