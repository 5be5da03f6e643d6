using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// HumanEval+ and MBPP+ (Liu et al. 2023): inputs only; expected outputs come from running the canonical solution. Base inputs make the public tests.
/// </summary>
sealed class EvalPlusFormat : ProblemFormat
{
    public override string Name => "evalplus";

    public override bool Recognises(JsonElement record) => Has(record, "task_id", "prompt", "entry_point", "base_input", "plus_input");

    public override ProblemDraft Read(JsonRecord record)
    {
        var (task, prompt, entry) = (record.Id("task_id"), record.RequiredText("prompt"), record.RequiredText("entry_point"));
        var reference = prompt + record.RequiredText("canonical_solution", "expected outputs come from running it.");
        var tolerance = record.Root.TryGetProperty("atol", out var atol) && atol.ValueKind != JsonValueKind.Null
            ? atol.ValueKind == JsonValueKind.Number && atol.GetDouble() is >= 0 and var given ? given : throw record.Fault("atol", "a number of at least 0 is expected.") : 0;
        var spec = new JsonObject
        {
            ["task"] = task,
            ["reference"] = reference,
            ["entry"] = entry,
            ["base"] = Inputs("base_input"),
            ["plus"] = Inputs("plus_input"),
        };
        return new(record.File, record.Line, new Problem
        {
            Id = task,
            Statement = prompt,
            PublicTests = [],
            PrivateTests = [],
            Reference = reference,
            EntryPoint = entry,
            CompletionPrefix = prompt,
            Comparison = Comparison.Exact,
            Checker = FormatScripts.With(FormatScripts.Plus, ("SPEC", new JsonObject { ["task"] = task, ["entry"] = entry, ["atol"] = tolerance }.ToJsonString())),
            Limits = HumanEvalFormat.Limits with { MemoryBytes = 4L << 30 },
        }, new(FormatScripts.Plus, spec.ToJsonString(), Seconds: 400));

        JsonArray Inputs(string field)
        {
            if (!record.Root.TryGetProperty(field, out var list))
                throw record.Fault(field, "missing; it is a list of lists of arguments.");
            // MBPP+ writes an object where a task has no further inputs.
            if (list.ValueKind == JsonValueKind.Object && !list.EnumerateObject().Any())
                return [];
            return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Array)
                ? JsonArray.Create(list)!
                : throw record.Fault(field, "a list of lists of arguments is expected.");
        }
    }
}
