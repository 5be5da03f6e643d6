using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Storage;

namespace Rlef.Problems.Formats;

/// <summary>Rlef's own format; see <see cref="ProblemFile"/>.</summary>
sealed class RlefFormat : ProblemFormat
{
    static readonly string[] Fields =
    [
        "id", "statement", "public_tests", "private_tests", "reference", "draft", "entry_point", "completion_prefix", "preamble", "setup", "comparison",
        "tolerance", "ignore_case", "space_sensitive", "checker", "limits", "labels", "input_file", "output_file",
    ];

    public override string Name => "rlef";

    public override string IdField(JsonElement record) => "id";

    public override bool Recognises(JsonElement record) =>
        Has(record, "id", "statement") || Has(record, "id", "public_tests") || Has(record, "statement", "public_tests");

    public override ProblemDraft Read(JsonRecord record)
    {
        KnownOnly(record, "", record.Root, Fields);
        var entry = record.Text("entry_point") is { } name ? EntryName.Parse(name) ?? throw record.Fault("entry_point", EntryName.FaultOf(name)) : null as (string? Class, string Function)?;
        var problem = new Problem
        {
            Id = record.RequiredText("id", "it is a text that names the problem."),
            Statement = record.RequiredText("statement", "it is what the policy reads."),
            PublicTests = Tests(record, "public_tests"),
            PrivateTests = Tests(record, "private_tests"),
            Reference = record.Text("reference"),
            Draft = record.Text("draft"),
            EntryPoint = entry?.Function,
            EntryClass = entry?.Class,
            CompletionPrefix = record.Text("completion_prefix") ?? "",
            Preamble = record.Text("preamble"),
            Setup = record.Text("setup"),
            InputFile = record.FileName("input_file"),
            OutputFile = record.FileName("output_file"),
            Comparison = ReadComparison(record),
            Tolerance = ReadTolerance(record),
            IgnoreCase = Flag(record, "ignore_case"),
            SpaceSensitive = Flag(record, "space_sensitive"),
            Checker = record.Text("checker"),
            Limits = ReadLimits(record),
            Labels = ReadLabels(record),
        };
        if (problem.Comparison == Comparison.Checker && problem.Checker is null)
            throw record.Fault("checker", "missing, although the comparison leaves the decision to it.");
        if (problem.Tolerance is not null && problem.Comparison is not (Comparison.Float or Comparison.Value or Comparison.Kattis))
            throw record.Fault("tolerance", $"the comparison {problem.Comparison.ToString().ToLowerInvariant()} has none; float, value and kattis do.");
        if (problem is { IgnoreCase: true, EntryPoint: not null })
            throw record.Fault("ignore_case", "of texts that programs print; values of a function are compared as they are, or by a checker.");
        // The same value has many spellings. What differs in spelling alone a checker decides about as well.
        if (problem is { EntryPoint: not null, Comparison: Comparison.Exact, Checker: null })
            problem = problem with { Comparison = Comparison.Equality };
        return new(record.File, record.Line, problem);
    }

    static ImmutableArray<TestCase> Tests(JsonRecord record, string field)
    {
        if (!record.Root.TryGetProperty(field, out var list) || list.ValueKind != JsonValueKind.Array)
            throw record.Fault(field, "missing; it is a list of {\"input\": …, \"output\": …}.");
        if (list.GetArrayLength() == 0)
            throw record.Fault(field, "empty; without a test nothing can be judged.");
        var tests = ImmutableArray.CreateBuilder<TestCase>();
        foreach (var item in list.EnumerateArray())
        {
            var at = $"{field}[{tests.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
                throw record.Fault(at, "a test is {\"input\": …, \"output\": …}.");
            var test = new TestCase(record.Text(item, "input", at + ".input") ?? throw record.Fault(at + ".input", "missing."),
                record.Text(item, "output", at + ".output") ?? throw record.Fault(at + ".output", "missing."));
            if (record.Has("entry_point") && test.FaultOfCall() is { } fault)
                throw record.Fault($"{at}.{fault.Field}", fault.Reason);
            tests.Add(test);
        }
        return tests.ToImmutable();
    }

    static Comparison ReadComparison(JsonRecord record)
    {
        if (record.Text("comparison") is not { } name)
            return record.Text("entry_point") is not null ? Comparison.Value : Comparison.Tokens;
        return Enum.TryParse<Comparison>(name, ignoreCase: true, out var comparison) && !char.IsDigit(name[0])
            ? OutputComparer.IsOfText(comparison) && record.Text("entry_point") is not null
                ? throw record.Fault("comparison", $"'{name}' {OutputComparer.NotForValues}")
                : comparison
            : throw record.Fault("comparison", $"'{name}' is none of {string.Join(", ", Enum.GetNames<Comparison>()).ToLowerInvariant()}.");
    }

    static void KnownOnly(JsonRecord record, string within, JsonElement value, params ReadOnlySpan<string> fields)
    {
        foreach (var property in value.EnumerateObject())
            if (!fields.Contains(property.Name))
                throw record.Fault(within.Length == 0 ? property.Name : $"{within}.{property.Name}",
                    $"unknown; the fields are {string.Join(", ", fields)}.{Suggestion.For(property.Name, fields.ToArray())}");
    }

    static Tolerance? ReadTolerance(JsonRecord record)
    {
        if (!record.Has("tolerance"))
            return null;
        var value = record.Root.GetProperty("tolerance");
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and var both)
            return new(both, both);
        if (value.ValueKind != JsonValueKind.Object)
            throw record.Fault("tolerance", "a number, or an object with absolute and relative, is expected.");
        KnownOnly(record, "tolerance", value, "absolute", "relative");
        return new(Number("absolute"), Number("relative"));

        double Number(string field) => !value.TryGetProperty(field, out var part) ? 0
            : part.ValueKind == JsonValueKind.Number && part.GetDouble() is >= 0 and var number ? number
            : throw record.Fault("tolerance." + field, "a number that is not negative is expected.");
    }

    static bool Flag(JsonRecord record, string field) => record.Root.TryGetProperty(field, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw record.Fault(field, "true or false is expected."),
    };

    static Limits? ReadLimits(JsonRecord record)
    {
        if (!record.Root.TryGetProperty("limits", out var limits))
            return null;
        if (limits.ValueKind != JsonValueKind.Object)
            throw record.Fault("limits", "an object with cpu_seconds, wall_seconds, memory_mb, output_kb and stack_mb is expected.");
        KnownOnly(record, "limits", limits, "cpu_seconds", "wall_seconds", "memory_mb", "output_kb", "stack_mb");
        var standard = Limits.Default;
        var read = new Limits(TimeSpan.FromSeconds(Positive("cpu_seconds", standard.Cpu.TotalSeconds)),
            TimeSpan.FromSeconds(Positive("wall_seconds", standard.Wall.TotalSeconds)),
            (long)(Positive("memory_mb", standard.MemoryBytes >> 20) * (1 << 20)),
            (int)(Positive("output_kb", standard.OutputBytes >> 10) * (1 << 10)));
        return limits.TryGetProperty("stack_mb", out _) ? read with { StackBytes = (long)(Positive("stack_mb", 0) * (1 << 20)) } : read;

        double Positive(string field, double otherwise)
        {
            if (!limits.TryGetProperty(field, out var value))
                return otherwise;
            return value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < 1e6 and var number
                ? number
                : throw record.Fault("limits." + field, "a positive number is expected.");
        }
    }

    static ImmutableDictionary<string, string> ReadLabels(JsonRecord record)
    {
        if (!record.Root.TryGetProperty("labels", out var labels))
            return ImmutableDictionary<string, string>.Empty;
        if (labels.ValueKind != JsonValueKind.Object)
            throw record.Fault("labels", "an object of texts is expected.");
        var result = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var label in labels.EnumerateObject())
            result[label.Name] = record.Text(labels, label.Name, "labels." + label.Name) ?? "";
        return result.ToImmutable();
    }
}
