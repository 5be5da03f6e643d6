using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// LiveCodeBench (Jain et al. 2024): tests of kind <c>stdin</c>, or <c>functional</c> with a method of a class Solution. Private tests may be packed:
/// base64 of zlib of a pickled text of JSON.
/// </summary>
sealed class LiveCodeBenchFormat : ProblemFormat
{
    static readonly Limits TimeLimits = new(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(30), 1L << 30, 16 << 20);

    public override string Name => "livecodebench";

    public override string IdField(JsonElement record) => "question_id";

    public override bool Recognises(JsonElement record) => Has(record, "question_content", "public_test_cases");

    public override ProblemDraft Read(JsonRecord record)
    {
        var entry = Function(record);
        var (visible, hidden) = TestSplit.Of(Tests(record, "public_test_cases", entry), Tests(record, "private_test_cases", entry));
        if (visible.IsEmpty)
            throw record.Fault("public_test_cases", "empty; without a test nothing can be judged.");
        var starter = record.Text("starter_code");
        return new(record.File, record.Line, new Problem
        {
            Id = record.Id(IdField(record.Root)),
            Statement = record.RequiredText("question_content") + (string.IsNullOrWhiteSpace(starter) ? "" : $"\n\n{starter.Trim()}\n"),
            PublicTests = visible,
            PrivateTests = hidden,
            EntryPoint = entry,
            EntryClass = entry is null ? null : "Solution",
            Preamble = StandardImports.LiveCodeBench,
            Comparison = Comparison.LiveCodeBench,
            Limits = TimeLimits,
        });
    }

    static string? Function(JsonRecord record)
    {
        if (record.Text("metadata") is not { Length: > 0 } text)
            return null;
        var metadata = record.Parse(text, "metadata");
        return metadata.ValueKind == JsonValueKind.Object ? record.Text(metadata, "func_name", "metadata.func_name") : null;
    }

    static ImmutableArray<TestCase> Tests(JsonRecord record, string field, string? entry)
    {
        if (record.Text(field) is not { Length: > 0 } text)
            return [];
        var json = text.AsSpan().TrimStart() is ['[', ..] ? text : PackedText.Read(text) ?? throw record.Fault(field, "neither JSON nor base64 of zlib of a pickled text.");
        var tests = record.Parse(json, field);
        if (tests.ValueKind != JsonValueKind.Array)
            throw record.Fault(field, "a list of tests is expected.");
        return [.. tests.EnumerateArray().Select((test, i) =>
        {
            var at = $"{field}[{i}]";
            if (test.ValueKind != JsonValueKind.Object)
                throw record.Fault(at, "a test is {\"input\": …, \"output\": …, \"testtype\": …}.");
            var (input, output) = (record.Text(test, "input", at + ".input") ?? "", record.Text(test, "output", at + ".output") ?? throw record.Fault(at + ".output", "missing."));
            var type = record.Text(test, "testtype", at + ".testtype");
            if (type is not (null or "stdin" or "functional"))
                throw record.Fault(at + ".testtype", $"'{type}' is neither stdin nor functional.");
            if (type != "functional")
                return entry is null ? new TestCase(input, output) : throw record.Fault(at + ".testtype", "a test by stdin in a problem with a function.");
            if (entry is null)
                throw record.Fault("metadata.func_name", "missing, although a test calls a function.");
            var arguments = input.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => record.Parse(l, at + ".input").GetRawText());
            return new TestCase($"[{string.Join(", ", arguments)}]", record.Parse(output, at + ".output").GetRawText());
        })];
    }
}
