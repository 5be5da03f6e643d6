using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Goldens;

/// <summary>Problems of the public formats, read from records as the sets have them.</summary>
static class Records
{
    static readonly Dictionary<string, Problem> packages = [];

    /// <param name="tests">Inputs and outputs as texts; for a function, one JSON argument a line, and JSON.</param>
    public static Problem LiveCodeBench(IEnumerable<(string Input, string Output)> tests, string? function = null)
    {
        var kind = function is null ? "stdin" : "functional";
        var list = new JsonArray([.. tests.Select(t => (JsonNode)new JsonObject { ["input"] = t.Input, ["output"] = t.Output, ["testtype"] = kind })]);
        return Read("livecodebench", new JsonObject
        {
            ["question_id"] = "q",
            ["question_content"] = "q",
            ["public_test_cases"] = list.ToJsonString(),
            ["metadata"] = function is null ? "{}" : new JsonObject { ["func_name"] = function }.ToJsonString(),
        }).Problem;
    }

    public static Problem Apps(IEnumerable<JsonNode?> inputs, IEnumerable<JsonNode?> outputs, string? function = null)
    {
        var tests = new JsonObject { ["inputs"] = new JsonArray([.. inputs]), ["outputs"] = new JsonArray([.. outputs]) };
        if (function is not null)
            tests["fn_name"] = function;
        return Apps(tests.ToJsonString());
    }

    /// <param name="tests">What APPS has in <c>input_output</c>.</param>
    public static Problem Apps(string tests) =>
        Read("apps", new JsonObject { ["problem_id"] = 1, ["question"] = "q", ["input_output"] = tests }).Problem;

    public static Problem CodeContests(string output) => Read("codecontests", new JsonObject
    {
        ["name"] = "q",
        ["description"] = "q",
        ["public_tests"] = new JsonObject { ["input"] = new JsonArray(""), ["output"] = new JsonArray(output) },
        ["private_tests"] = new JsonObject { ["input"] = new JsonArray(), ["output"] = new JsonArray() },
    }).Problem;

    /// <summary>A package with these flags of the default validator.</summary>
    public static Problem Kattis(string answer, JsonElement flags)
    {
        var text = string.Join(' ', flags.EnumerateObject().Select(f => f.Value.ValueKind == JsonValueKind.True ? f.Name : $"{f.Name} {f.Value}"));
        if (!packages.TryGetValue(text, out var package))
            packages[text] = package = Package(text);
        return package with { PublicTests = [new("", answer)], PrivateTests = [new("", answer)] };
    }

    /// <summary>A record with inputs, and a canonical solution that gives the expected outputs.</summary>
    public static ProblemDraft EvalPlus(string task, string entry, string solution, JsonNode inputs, double tolerance) => Read("evalplus", new JsonObject
    {
        ["task_id"] = task,
        ["prompt"] = "",
        ["entry_point"] = entry,
        ["canonical_solution"] = solution,
        ["base_input"] = inputs,
        ["plus_input"] = new JsonArray(),
        ["atol"] = tolerance,
    });

    static ProblemDraft Read(string format, JsonObject record) =>
        ProblemFormats.Named(format).Read(RecordFile.Parse("golden", 1, record.ToJsonString()).Record!);

    static Problem Package(string flags)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-goldens-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "problem.yaml"), $"name: q\nvalidator_flags: {flags}\n");
            Directory.CreateDirectory(Path.Combine(folder, "problem_statement"));
            File.WriteAllText(Path.Combine(folder, "problem_statement", "problem.en.tex"), "q");
            var sample = Directory.CreateDirectory(Path.Combine(folder, "data", "sample")).FullName;
            File.WriteAllText(Path.Combine(sample, "1.in"), "");
            File.WriteAllText(Path.Combine(sample, "1.ans"), "");
            return ProblemFormats.Named("kattis").Read(folder).Problem;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
