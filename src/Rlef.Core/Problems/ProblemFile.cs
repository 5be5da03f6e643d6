using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems.Formats;
using Rlef.Storage;

namespace Rlef.Problems;

/// <summary>
/// Reads and writes Rlef's own problem format: one JSON object a line, plain or gzipped, with <c>id</c>, <c>statement</c>, <c>public_tests</c> and
/// <c>private_tests</c> (lists of <c>input</c> and <c>output</c>). Optional are <c>reference</c>, <c>draft</c>, <c>entry_point</c>, <c>completion_prefix</c>,
/// <c>preamble</c>, <c>setup</c>, <c>input_file</c>, <c>output_file</c>, <c>comparison</c>, <c>tolerance</c>, <c>ignore_case</c>,
/// <c>space_sensitive</c>, <c>checker</c>, <c>limits</c> and <c>labels</c>;
/// each says what <see cref="Problem"/>'s property of that name says. Other formats are read by <see cref="ProblemReader"/>.
/// </summary>
public static class ProblemFile
{
    /// <exception cref="ProblemFormatException">A line is not a problem.</exception>
    public static ProblemSet Load(string path)
    {
        var format = new RlefFormat();
        var problems = new List<Problem>();
        var ids = new Dictionary<string, int>();
        foreach (var (record, fault) in RecordFile.Read(path))
        {
            var draft = format.Read(record ?? throw fault!);
            if (!ids.TryAdd(draft.Problem.Id, draft.Line))
                throw record.Fault("id", $"'{draft.Problem.Id}' stands on line {ids[draft.Problem.Id]} already; ids must differ.");
            problems.Add(draft.Problem);
        }
        if (problems.Count == 0)
            throw new ProblemFormatException(path, 1, "id", "the file has no problems.");
        return new ProblemSet(NameOf(path), problems);
    }

    internal static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path)).Split('.')[0];

    /// <param name="path">Ends with .gz for a compressed file.</param>
    public static void Save(string path, IEnumerable<Problem> problems) => AtomicFile.Write(path, file =>
    {
        using Stream? compressed = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.SmallestSize, leaveOpen: true) : null;
        using var writer = new StreamWriter(compressed ?? file, leaveOpen: true) { NewLine = "\n" };
        foreach (var problem in problems)
            writer.WriteLine(ToJson(problem).ToJsonString(JsonText.Line));
    });

    /// <summary>SHA-256 of the problems as they are saved, in their order, but for what limits allow a slow reference.</summary>
    public static string Digest(IEnumerable<Problem> problems)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var problem in problems)
            hash.AppendData(Encoding.UTF8.GetBytes(ToJson(problem with { Limits = problem.StatedLimits ?? problem.Limits }).ToJsonString(JsonText.Line) + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
        void Add(string field, string? text)
        {
            if (!string.IsNullOrEmpty(text))
                json[field] = text;
        }
        Add("reference", problem.Reference);
        Add("draft", problem.Draft);
        Add("entry_point", problem.EntryClass is null ? problem.EntryPoint : $"{problem.EntryClass}.{problem.EntryPoint}");
        Add("completion_prefix", problem.CompletionPrefix);
        Add("preamble", problem.Preamble);
        Add("setup", problem.Setup);
        Add("input_file", problem.InputFile);
        Add("output_file", problem.OutputFile);
        if (problem.Comparison != (problem.EntryPoint is null ? Comparison.Tokens : Comparison.Value))
            json["comparison"] = problem.Comparison.ToString().ToLowerInvariant();
        if (problem.Tolerance is { } tolerance)
            json["tolerance"] = new JsonObject { ["absolute"] = tolerance.Absolute, ["relative"] = tolerance.Relative };
        if (problem.IgnoreCase)
            json["ignore_case"] = true;
        if (problem.SpaceSensitive)
            json["space_sensitive"] = true;
        Add("checker", problem.Checker);
        if (problem.Limits is { } limits)
            json["limits"] = new JsonObject
            {
                ["cpu_seconds"] = limits.Cpu.TotalSeconds,
                ["wall_seconds"] = limits.Wall.TotalSeconds,
                ["memory_mb"] = limits.MemoryBytes / (double)(1 << 20),
                ["output_kb"] = limits.OutputBytes / (double)(1 << 10),
            };
        if (problem.Limits is { } set && set.StackBytes != set.MemoryBytes)
            json["limits"]!["stack_mb"] = set.StackBytes / (double)(1 << 20);
        if (!problem.Labels.IsEmpty)
            json["labels"] = new JsonObject(problem.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        return json;

        static JsonArray Tests(IEnumerable<TestCase> tests) =>
            new([.. tests.Select(t => (JsonNode)new JsonObject { ["input"] = t.Input, ["output"] = t.Output })]);
    }
}
