using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;

namespace Rlef.Problems;

/// <summary>
/// Reads and writes Rlef's own problem format: one JSON object a line, plain or gzipped, with <c>id</c>, <c>statement</c>, <c>public_tests</c> and
/// <c>private_tests</c> (lists of <c>input</c> and <c>output</c>), and optionally <c>reference</c>, <c>entry_point</c>, <c>comparison</c>, <c>limits</c>, <c>labels</c>.
/// </summary>
public static class ProblemFile
{
    static readonly string[] Fields =
        ["id", "statement", "public_tests", "private_tests", "reference", "entry_point", "comparison", "limits", "labels"];
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ProblemFormatException">A line is not a problem.</exception>
    public static ProblemSet Load(string path)
    {
        using Stream file = File.OpenRead(path);
        using var stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        var problems = new List<Problem>();
        var ids = new Dictionary<string, int>();
        for (var (line, number) = (reader.ReadLine(), 1); line is not null; line = reader.ReadLine(), number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var problem = new Line(path, number).Read(line);
            if (!ids.TryAdd(problem.Id, number))
                throw new ProblemFormatException(path, number, "id", $"'{problem.Id}' stands on line {ids[problem.Id]} already; ids must differ.");
            problems.Add(problem);
        }
        if (problems.Count == 0)
            throw new ProblemFormatException(path, 1, "id", "the file has no problems.");
        return new ProblemSet(Path.GetFileName(path).Split('.')[0], problems);
    }

    public static void Save(string path, IEnumerable<Problem> problems)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (var problem in problems)
            writer.WriteLine(ToJson(problem).ToJsonString(Plain));
    }

    static JsonObject ToJson(Problem problem)
    {
        var json = new JsonObject
        {
            ["id"] = problem.Id,
            ["statement"] = problem.Statement,
            ["public_tests"] = Tests(problem.PublicTests),
            ["private_tests"] = Tests(problem.PrivateTests),
        };
        if (problem.Reference is not null)
            json["reference"] = problem.Reference;
        if (problem.EntryPoint is not null)
            json["entry_point"] = problem.EntryPoint;
        if (problem.Comparison != Comparison.Tokens)
            json["comparison"] = problem.Comparison.ToString().ToLowerInvariant();
        if (problem.Limits is { } limits)
            json["limits"] = new JsonObject
            {
                ["cpu_seconds"] = limits.Cpu.TotalSeconds,
                ["wall_seconds"] = limits.Wall.TotalSeconds,
                ["memory_mb"] = limits.MemoryBytes >> 20,
                ["output_kb"] = limits.OutputBytes >> 10,
            };
        if (!problem.Labels.IsEmpty)
            json["labels"] = new JsonObject(problem.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        return json;

        static JsonArray Tests(IEnumerable<TestCase> tests) =>
            new([.. tests.Select(t => (JsonNode)new JsonObject { ["input"] = t.Input, ["output"] = t.Output })]);
    }

    // Reads one line and blames it for every fault.
    readonly struct Line(string file, int number)
    {
        public Problem Read(string text)
        {
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(text);
            }
            catch (JsonException e)
            {
                throw Fault("(line)", $"not JSON: {e.Message}");
            }
            using var _ = document;
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw Fault("(line)", "a problem is a JSON object.");
            foreach (var property in root.EnumerateObject())
                if (!Fields.Contains(property.Name))
                    throw Fault(property.Name, $"unknown; the fields are {string.Join(", ", Fields)}.");
            return new Problem
            {
                Id = Text(root, "id") ?? throw Fault("id", "missing; it is a text that names the problem."),
                Statement = Text(root, "statement") ?? throw Fault("statement", "missing; it is what the policy reads."),
                PublicTests = Tests(root, "public_tests"),
                PrivateTests = Tests(root, "private_tests"),
                Reference = Text(root, "reference"),
                EntryPoint = Text(root, "entry_point"),
                Comparison = ReadComparison(root),
                Limits = ReadLimits(root),
                Labels = ReadLabels(root),
            };
        }

        string? Text(JsonElement parent, string field, string? name = null)
        {
            if (!parent.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
                return null;
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Fault(name ?? field, $"a text is expected, not {value.ValueKind}.");
        }

        ImmutableArray<TestCase> Tests(JsonElement root, string field)
        {
            if (!root.TryGetProperty(field, out var list) || list.ValueKind != JsonValueKind.Array)
                throw Fault(field, "missing; it is a list of {\"input\": …, \"output\": …}.");
            if (list.GetArrayLength() == 0)
                throw Fault(field, "empty; without a test nothing can be judged.");
            var tests = ImmutableArray.CreateBuilder<TestCase>();
            foreach (var item in list.EnumerateArray())
            {
                var at = $"{field}[{tests.Count}]";
                if (item.ValueKind != JsonValueKind.Object)
                    throw Fault(at, "a test is {\"input\": …, \"output\": …}.");
                tests.Add(new(Text(item, "input", at + ".input") ?? throw Fault(at + ".input", "missing."),
                    Text(item, "output", at + ".output") ?? throw Fault(at + ".output", "missing.")));
            }
            return tests.ToImmutable();
        }

        Comparison ReadComparison(JsonElement root)
        {
            if (Text(root, "comparison") is not { } name)
                return root.TryGetProperty("entry_point", out var e) && e.ValueKind == JsonValueKind.String ? Comparison.Value : Comparison.Tokens;
            return Enum.TryParse<Comparison>(name, ignoreCase: true, out var comparison) && !char.IsDigit(name[0])
                ? comparison
                : throw Fault("comparison", $"'{name}' is none of {string.Join(", ", Enum.GetNames<Comparison>()).ToLowerInvariant()}.");
        }

        Limits? ReadLimits(JsonElement root)
        {
            if (!root.TryGetProperty("limits", out var limits))
                return null;
            if (limits.ValueKind != JsonValueKind.Object)
                throw Fault("limits", "an object with cpu_seconds, wall_seconds, memory_mb and output_kb is expected.");
            var standard = Limits.Default;
            return new Limits(TimeSpan.FromSeconds(Positive(limits, "cpu_seconds", standard.Cpu.TotalSeconds)),
                TimeSpan.FromSeconds(Positive(limits, "wall_seconds", standard.Wall.TotalSeconds)),
                (long)(Positive(limits, "memory_mb", standard.MemoryBytes >> 20) * (1 << 20)),
                (int)(Positive(limits, "output_kb", standard.OutputBytes >> 10) * (1 << 10)));
        }

        double Positive(JsonElement limits, string field, double standard)
        {
            if (!limits.TryGetProperty(field, out var value))
                return standard;
            return value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < 1e6 and var number
                ? number
                : throw Fault("limits." + field, "a positive number is expected.");
        }

        ImmutableDictionary<string, string> ReadLabels(JsonElement root)
        {
            if (!root.TryGetProperty("labels", out var labels))
                return ImmutableDictionary<string, string>.Empty;
            if (labels.ValueKind != JsonValueKind.Object)
                throw Fault("labels", "an object of texts is expected.");
            var result = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var label in labels.EnumerateObject())
                result[label.Name] = Text(labels, label.Name, "labels." + label.Name) ?? "";
            return result.ToImmutable();
        }

        ProblemFormatException Fault(string field, string fault) => new(file, number, field, fault);
    }
}
