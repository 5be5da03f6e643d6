using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// CodeContests (Li et al. 2022): public, private and generated tests, and solutions with the number of their language. Also the layout with one list
/// of tests (<c>content</c>, <c>test</c>), whose first test becomes the public one.
/// </summary>
sealed class CodeContestsFormat : ProblemFormat
{
    const int Python3 = 3;

    public override string Name => "codecontests";

    public override ImmutableArray<string> Columns =>
        ["name", "description", "public_tests", "private_tests", "generated_tests", "solutions", "input_file", "output_file", "id", "content", "test"];

    public override string IdField(JsonElement record) => Has(record, "test") ? "id" : "name";

    public override bool Recognises(JsonElement record) =>
        Has(record, "name", "description", "public_tests", "private_tests") || Has(record, "content", "test");

    public override ProblemDraft Read(JsonRecord record)
    {
        var single = record.Has("test");
        var shown = single ? ImmutableArray<TestCase>.Empty : Tests(record, "public_tests");
        var hidden = single ? Listed(record) : Tests(record, "private_tests").AddRange(Tests(record, "generated_tests"));
        var (visible, held) = TestSplit.Of(shown, hidden);
        if (visible.IsEmpty)
            throw record.Fault(single ? "test" : "private_tests", "empty; without a test nothing can be judged.");
        return new(record.File, record.Line, new Problem
        {
            Id = record.Id(IdField(record.Root)),
            Statement = record.RequiredText(single ? "content" : "description"),
            PublicTests = visible,
            PrivateTests = held,
            Reference = Solution(record),
            InputFile = record.FileName("input_file"),
            OutputFile = record.FileName("output_file"),
            Comparison = Comparison.CodeContests,
            Limits = Limits.CodeContests,
        });
    }

    static ImmutableArray<TestCase> Tests(JsonRecord record, string field)
    {
        if (!record.Has(field))
            return [];
        var tests = record.Root.GetProperty(field);
        if (tests.ValueKind == JsonValueKind.Array)
            return [.. tests.EnumerateArray().Select((t, i) => new TestCase(Part(t, "input", i), Part(t, "output", i)))];
        if (tests.ValueKind != JsonValueKind.Object || !tests.TryGetProperty("input", out var input) || !tests.TryGetProperty("output", out var output))
            throw record.Fault(field, "an object with the lists input and output is expected.");
        var (inputs, outputs) = (record.Texts(input, field + ".input"), record.Texts(output, field + ".output"));
        return inputs.Length == outputs.Length
            ? [.. inputs.Zip(outputs, (i, o) => new TestCase(i, o))]
            : throw record.Fault(field, $"{inputs.Length} inputs but {outputs.Length} outputs.");

        string Part(JsonElement test, string part, int index) => test.ValueKind == JsonValueKind.Object
            ? record.Text(test, part, $"{field}[{index}].{part}") ?? throw record.Fault($"{field}[{index}].{part}", "missing.")
            : throw record.Fault($"{field}[{index}]", "a test is {\"input\": …, \"output\": …}.");
    }

    static ImmutableArray<TestCase> Listed(JsonRecord record)
    {
        var tests = record.Nested("test");
        if (tests.ValueKind != JsonValueKind.Array)
            throw record.Fault("test", "a list of {\"input\": {\"stdin\": …}, \"output\": {\"stdout\": …}} is expected.");
        return [.. tests.EnumerateArray().Select((test, i) => new TestCase(Stream(test, "input", "stdin", i), Stream(test, "output", "stdout", i)))];

        string Stream(JsonElement test, string part, string stream, int index) =>
            test.ValueKind == JsonValueKind.Object && test.TryGetProperty(part, out var side) && side.ValueKind == JsonValueKind.Object
            && record.Text(side, stream, $"test[{index}].{part}.{stream}") is { } text
                ? text
                : throw record.Fault($"test[{index}].{part}.{stream}", "missing.");
    }

    static string? Solution(JsonRecord record)
    {
        if (!record.Has("solutions"))
            return null;
        var solutions = record.Root.GetProperty("solutions");
        if (solutions.ValueKind == JsonValueKind.Array)
            return solutions.EnumerateArray().Where(s => s.ValueKind == JsonValueKind.Object && s.TryGetProperty("language", out var language) && IsPython(language))
                .Select(s => record.Text(s, "solution", "solutions.solution")).FirstOrDefault();
        if (solutions.ValueKind != JsonValueKind.Object || !solutions.TryGetProperty("language", out var languages) || !solutions.TryGetProperty("solution", out var texts)
            || languages.ValueKind != JsonValueKind.Array)
            throw record.Fault("solutions", "an object with the lists language and solution is expected.");
        var sources = record.Texts(texts, "solutions.solution");
        return languages.EnumerateArray().Zip(sources).Where(s => IsPython(s.First)).Select(s => s.Second).FirstOrDefault();
    }

    static bool IsPython(JsonElement language) => language.ValueKind == JsonValueKind.Number ? language.TryGetInt32(out var number) && number == Python3
        : language.ValueKind == JsonValueKind.String && language.GetRawText().Equals("\"PYTHON3\"", StringComparison.OrdinalIgnoreCase);
}
