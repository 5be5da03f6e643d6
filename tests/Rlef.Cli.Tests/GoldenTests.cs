using System.Text.Json.Nodes;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>The program behind <c>./rlef test goldens</c>, on rows of our own.</summary>
public sealed class GoldenTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rlef-goldens-");

    public void Dispose() => folder.Delete(recursive: true);

    void Write(string file, params JsonObject[] rows) =>
        File.WriteAllText(Path.Combine(folder.FullName, file), new JsonObject { ["source"] = new JsonObject(), ["cases"] = new JsonArray([.. rows]) }.ToJsonString());

    static JsonObject Pair(string name, string expected, string actual, bool accepted) => new()
    {
        ["kind"] = "own",
        ["name"] = name,
        ["mode"] = "stdin",
        ["expected"] = expected,
        ["actual"] = actual,
        ["flags"] = new JsonObject(),
        ["accepted"] = accepted,
    };

    static JsonObject Program(string name, string source, bool accepted, string plain) => new()
    {
        ["kind"] = "own",
        ["name"] = name,
        ["mode"] = "call",
        ["program"] = source,
        ["problem"] = new JsonObject { ["inputs"] = new JsonArray("[4, 5]"), ["outputs"] = new JsonArray("9"), ["fn_name"] = "total" },
        ["plain_interpreter"] = new JsonArray(plain),
        ["accepted"] = accepted,
    };

    async Task<(int Code, string[] Lines)> RunAsync()
    {
        using var process = Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Rlef.Goldens.dll")], ("RLEF_GOLDENS", folder.FullName));
        var (code, output, error) = await process.FinishAsync();
        Assert.Equal("", error);
        return (code, output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Rows_agree_depart_as_listed_or_differ()
    {
        Write("compare-livecodebench.json", Pair("same", "7 8", "7.0 8", true), Pair("near", "0.125", "0.1250001", false), Pair("odd", "7", "8", true));
        Write("compare-apps.json", Pair("turned", "p\nq", "q\np", true), Pair("neighbour", "700000001", "700000002", true), Pair("odd", "p", "q", true), Pair("words", "p  q", "p q", true));
        Write("programs-livecodebench.json", Program("right", "def total(xs):\n    return sum(xs)\n", true, "pass"),
            Program("right here", "def total(xs):\n    return sum(xs)\n", false, "pass"), Program("wrong there", "def total(xs):\n    return sum(xs)\n", false, "wrong"));
        var (code, lines) = await RunAsync();
        Assert.Equal(1, code);
        Assert.Contains("compare-livecodebench.json: 1 agree, 1 depart as listed, 1 differ", lines);
        Assert.Contains("       1  real answers to 1e-6 (near)", lines);
        Assert.Contains("    differs: odd: accepted there, refused here", lines);
        Assert.Contains("compare-apps.json: 1 agree, 2 depart as listed, 1 differ", lines);
        Assert.Contains("       1  order and number of lines and tokens (turned)", lines);
        Assert.Contains("       1  whole numbers as whole numbers (neighbour)", lines);
        Assert.Contains("programs-livecodebench.json: 1 agree, 1 depart as listed, 1 differ", lines);
        Assert.Contains("       1  right in a plain interpreter (right here)", lines);
        Assert.Contains(lines, l => l.StartsWith("compare-kattis.json: skipped, ", StringComparison.Ordinal));
        Assert.Equal("7 passed, 3 failed", lines[^1]);
    }

    static JsonObject Numbers(string function, string edge, string rewards, string groups, string advantages) => new()
    {
        ["name"] = $"{function}/{edge}/1",
        ["function"] = function,
        ["inputs"] = new JsonObject
        {
            ["token_level_rewards"] = JsonNode.Parse(rewards),
            ["response_mask"] = JsonNode.Parse("[[1, 1], [1, 0]]"),
            ["group"] = JsonNode.Parse(groups),
        },
        ["settings"] = new JsonObject { ["epsilon"] = 1 },
        ["outputs"] = new JsonObject { ["advantages"] = JsonNode.Parse(advantages) },
    };

    [Fact]
    public async Task Numbers_agree_depart_as_listed_differ_or_are_not_offered()
    {
        Write("verl-advantages.json",
            // Deviation 2√2 of 4 and 0, about the mean 2.
            Numbers("grpo", "own", "[[0, 4], [0, 0]]", "[0, 0]", "[[0.522407749927483, 0.522407749927483], [-0.522407749927483, 0]]"),
            Numbers("rloo", "own", "[[0, 4], [0, 0]]", "[0, 0]", "[[4, 4], [-3.99, 0]]"),
            Numbers("rloo", "alone", "[[0, 4], [7, 0]]", "[0, 1]", "[[4, 4], [7, 0]]"),
            Numbers("gpg", "own", "[[0, 4], [0, 0]]", "[0, 0]", "[[2, 2], [2, 0]]"));
        var (code, lines) = await RunAsync();
        Assert.Equal(1, code);
        Assert.Contains("verl-advantages.json: 1 agree, 1 depart as listed, 1 differ, 1 not offered", lines);
        Assert.Contains("       1  a group of one (rloo/alone/1)", lines);
        Assert.Contains("       1  not offered: gpg (1)", lines);
        Assert.Contains("    differs: rloo/own/1: advantages[2]: -3.99 there, -4 here", lines);
        Assert.Equal("2 passed, 1 failed", lines[^1]);
    }

    [Fact]
    public async Task Without_a_difference_all_is_well()
    {
        Write("compare-codecontests.json", Pair("case", "Yes 7", "yes 7.000001", true));
        var (code, lines) = await RunAsync();
        Assert.Equal((0, "1 passed, 0 failed"), (code, lines[^1]));
    }

    [Fact]
    public async Task No_rows_are_no_success()
    {
        var (code, lines) = await RunAsync();
        Assert.Equal((1, "0 passed, 0 failed"), (code, lines[^1]));
    }
}
