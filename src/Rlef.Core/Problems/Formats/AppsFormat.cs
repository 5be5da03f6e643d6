using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// APPS (Hendrycks et al. 2021), as folders (<c>question.txt</c>, <c>input_output.json</c>, …), as records with the same contents, or as records with a
/// public split (<c>sample_io</c>, <c>test_list</c>). With <c>fn_name</c> a function is called, else a program reads standard input.
/// </summary>
sealed partial class AppsFormat : ProblemFormat
{
    static readonly Limits TimeLimits = new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20), 1L << 30, 16 << 20);

    [GeneratedRegex(@"def\s+(\w+)\s*\((.*?)\)\s*(->.*)?:", RegexOptions.Singleline)]
    private static partial Regex Signature { get; }

    public override string Name => "apps";

    public override string IdField(JsonElement record) => Has(record, "test_list") ? "name" : Has(record, "problem_id") ? "problem_id" : "id";

    public override bool Recognises(JsonElement record) => Has(record, "question", "input_output") || Has(record, "sample_io", "test_list");

    public override bool Recognises(string folder) => File.Exists(Path.Combine(folder, "question.txt")) || File.Exists(Path.Combine(folder, "input_output.json"));

    public override ProblemDraft Read(string folder)
    {
        var (question, io, solutions) = (Path.Combine(folder, "question.txt"), Path.Combine(folder, "input_output.json"), Path.Combine(folder, "solutions.json"));
        if (!File.Exists(question))
            throw new ProblemFormatException(folder, 1, "question.txt", "missing; without a statement there is nothing to solve.");
        if (!File.Exists(io))
            throw new ProblemFormatException(folder, 1, "input_output.json", "missing; without a test nothing can be judged.");
        var record = new JsonRecord(io, 1, default);
        var starter = Path.Combine(folder, "starter_code.py");
        return Build(record, ProblemFile.NameOf(folder), PackageText.Read(question),
            record.Parse(PackageText.Read(io), "(file)"),
            File.Exists(solutions) ? new JsonRecord(solutions, 1, default).Parse(PackageText.Read(solutions), "(file)") : null,
            File.Exists(starter) ? PackageText.Read(starter) : null);
    }

    public override ProblemDraft Read(JsonRecord record)
    {
        var starter = record.Text("starter_code");
        if (record.Has("test_list"))
            return SplitTests.Read(record, starter);
        var id = record.Id(IdField(record.Root));
        if (IsEmptyText(record, "input_output"))
            throw record.Fault("input_output", "empty; without a test nothing can be judged.");
        return Build(record, id, record.RequiredText("question"), record.Nested("input_output"),
            record.Has("solutions") && !IsEmptyText(record, "solutions") ? record.Nested("solutions") : null, starter);
    }

    static bool IsEmptyText(JsonRecord record, string field) =>
        record.Root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals("");

    static ProblemDraft Build(JsonRecord record, string id, string question, JsonElement io, JsonElement? solutions, string? starter)
    {
        if (io.ValueKind != JsonValueKind.Object || !List(io, "inputs", out var inputs) || !List(io, "outputs", out var outputs))
            throw record.Fault("input_output", "an object with the lists inputs and outputs is expected.");
        if (inputs.GetArrayLength() != outputs.GetArrayLength())
            throw record.Fault("input_output", $"{inputs.GetArrayLength()} inputs but {outputs.GetArrayLength()} outputs.");
        var entry = record.Text(io, "fn_name", "input_output.fn_name") is { Length: > 0 } name ? name : null;
        var tests = inputs.EnumerateArray().Zip(outputs.EnumerateArray())
            .Select((t, i) => entry is null
                ? new TestCase(Stream(record, t.First, $"inputs[{i}]"), Stream(record, t.Second, $"outputs[{i}]"))
                : Call(record, t.First, t.Second, i)).ToImmutableArray();
        if (tests.IsEmpty)
            throw record.Fault("input_output.inputs", "empty; without a test nothing can be judged.");
        var (visible, hidden) = TestSplit.Of([], tests);
        var reference = solutions is { ValueKind: JsonValueKind.Array } list ? record.Texts(list, "solutions").FirstOrDefault() : null;
        return new(record.File, record.Line, Problem(id, WithStarter(question, starter), visible, hidden, reference, entry));
    }

    static Problem Problem(string id, string statement, ImmutableArray<TestCase> visible, ImmutableArray<TestCase> hidden, string? reference, string? entry) => new()
    {
        Id = id,
        Statement = statement,
        PublicTests = visible,
        PrivateTests = hidden,
        Reference = reference,
        EntryPoint = entry,
        EntryClass = entry is null ? null : "Solution",
        Preamble = StandardImports.Apps,
        Comparison = Comparison.Apps,
        Limits = TimeLimits,
    };

    static string WithStarter(string question, string? starter) =>
        string.IsNullOrWhiteSpace(starter) ? question : $"{question.TrimEnd()}\n\n{starter.Trim()}\n";

    static bool List(JsonElement io, string field, out JsonElement list) => io.TryGetProperty(field, out list) && list.ValueKind == JsonValueKind.Array;

    // A text, or its lines.
    static string Stream(JsonRecord record, JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => record.ReadText(value, name),
        JsonValueKind.Array => string.Join('\n', record.Texts(value, name)) + "\n",
        _ => throw record.Fault(name, $"a text or a list of lines is expected, not {value.ValueKind}."),
    };

    static TestCase Call(JsonRecord record, JsonElement arguments, JsonElement value, int index)
    {
        JsonElement[] list = arguments.ValueKind switch
        {
            JsonValueKind.String => [.. record.ReadText(arguments, $"inputs[{index}]").Split('\n').Select(l => record.Parse(l, $"inputs[{index}]"))],
            JsonValueKind.Array => [.. arguments.EnumerateArray()],
            _ => throw record.Fault($"inputs[{index}]", "a list of arguments is expected."),
        };
        return new("[" + string.Join(',', list.Select((a, i) => i == 0 && WholeKeys.Restored(a) is { } restored ? restored : a.GetRawText())) + "]", Expected(value));
    }

    // As the harness has it, a dict with numbers for keys stands in a list of its own.
    static string Expected(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when value.GetArrayLength() > 0 && WholeKeys.Restored(value[0]) is not null =>
            "[" + string.Join(',', value.EnumerateArray().Select(e => WholeKeys.Restored(e) ?? e.GetRawText())) + "]",
        JsonValueKind.Object when WholeKeys.Restored(value) is { } restored => $"[{restored}]",
        _ => value.GetRawText(),
    };

    // Records whose call arguments are written one a line, as Python literals or as bare texts.
    static class SplitTests
    {
        public static ProblemDraft Read(JsonRecord record, string? starter)
        {
            var signature = starter is null ? Match.Empty : Signature.Match(starter);
            var entry = signature.Success ? signature.Groups[1].Value : null;
            var shown = Pairs(record, "sample_io");
            var hidden = Pairs(record, "test_list");
            if (shown.Length + hidden.Length == 0)
                throw record.Fault("test_list", "empty; without a test nothing can be judged.");
            var all = shown.AddRange(hidden);
            var tests = entry is null
                ? [.. all.Select(t => new TestCase(t.Input, string.Join('\n', t.Output.EnumerateArray().Select(o => o.ValueKind == JsonValueKind.String
                    ? record.ReadText(o, "output") : o.GetRawText()))))]
                : Calls(all, Parameters(signature.Groups[2].Value));
            var (visible, held) = TestSplit.First(tests, shown.Length);
            return new(record.File, record.Line, Problem(record.Id("name"), WithStarter(record.RequiredText("description"), starter), visible, held, null, entry));
        }

        static ImmutableArray<(string Input, JsonElement Output)> Pairs(JsonRecord record, string field)
        {
            if (!record.Has(field))
                return [];
            var list = record.Root.GetProperty(field);
            if (list.ValueKind != JsonValueKind.Array)
                throw record.Fault(field, "a list of {\"input\": …, \"output\": […]} is expected.");
            return [.. list.EnumerateArray().Select((test, i) =>
            {
                var at = $"{field}[{i}]";
                if (test.ValueKind != JsonValueKind.Object || !test.TryGetProperty("output", out var output) || output.ValueKind != JsonValueKind.Array)
                    throw record.Fault(at + ".output", "missing; a list is expected.");
                return (record.Text(test, "input", at + ".input") ?? throw record.Fault(at + ".input", "missing."), output);
            })];
        }

        static int Parameters(string list) => list.Split(',').Count(p => p.Trim() is { Length: > 0 } name && name != "self");

        // A parameter is a text unless every test gives a literal for it.
        static ImmutableArray<TestCase> Calls(ImmutableArray<(string Input, JsonElement Output)> tests, int parameters)
        {
            var rows = tests.Select(t => parameters == 1 ? [t.Input] : t.Input.Split('\n')).ToArray();
            var width = rows.Max(r => r.Length);
            var literal = Enumerable.Range(0, width).Select(i => rows.All(r => i >= r.Length || PythonLiteral.TryEncode(r[i]) is not null)).ToArray();
            return [.. rows.Zip(tests, (row, test) => new TestCase(
                "[" + string.Join(", ", row.Select((text, i) => literal[i] ? PythonLiteral.TryEncode(text)! : JsonSerializer.Serialize(text))) + "]",
                test.Output.GetRawText()))];
        }
    }
}
