using System.Text.Json;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// HumanEval (Chen et al. 2021): a prompt that a completion continues, and test code with <c>check(candidate)</c>. The canonical solution turns that
/// code into tests; the first call is public.
/// </summary>
sealed class HumanEvalFormat : ProblemFormat
{
    /// <summary>
    /// 3 s, the usual time limit of HumanEval's harness, for each call; 1 GiB. The harness goes by the clock; three times that ends a program that sleeps,
    /// and leaves room for a busy machine.
    /// </summary>
    public static Limits Limits { get; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9), 1L << 30, 4 << 20);

    public override string Name => "humaneval";

    public override bool Recognises(JsonElement record) => Has(record, "task_id", "prompt", "entry_point", "test") && !Has(record, "base_input");

    public override ProblemDraft Read(JsonRecord record)
    {
        var (prompt, entry) = (record.RequiredText("prompt"), record.RequiredText("entry_point"));
        var solution = record.RequiredText("canonical_solution", "tests are made by running it.");
        return ScriptedTests.Draft(record, new Problem
        {
            Id = record.Id("task_id"),
            Statement = prompt,
            PublicTests = [],
            PrivateTests = [],
            Reference = prompt + solution,
            EntryPoint = entry,
            CompletionPrefix = prompt,
            Limits = Limits,
        }, [$"{record.RequiredText("test")}\ncheck({entry})\n"]);
    }
}
