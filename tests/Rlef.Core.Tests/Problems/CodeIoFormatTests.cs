using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

public sealed class CodeIoFormatTests(Sandboxes sandboxes) : IDisposable
{
    const string Generator = "def generate_inputs(rng: Random) -> dict:\n    return {'b': rng.randint(1, 99), 'a': [rng.random(), 1]}";

    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    async Task<ProblemReading> ReadAsync(string reference = "def main_solution(a, b):\n    return {'sum': (sum(a), b), 'many': b > 50}", string generator = Generator)
    {
        await File.WriteAllTextAsync(path, new JsonObject { ["task_description"] = "Add.", ["input_output_spec"] = "Input: a, b", ["code_sample"] = reference, ["input_generator"] = generator }.ToJsonString(),
            TestContext.Current.CancellationToken);
        return await ProblemReader.ReadAsync(path, sandboxes.Local);
    }

    [Theory]
    [InlineData("def main_solution(a, b): return {'many': b > 50, 'sum': [sum(a), b]}", VerdictKind.Accepted)]
    [InlineData("def main_solution(a, b): return {'sum': (a[0] + a[1] + 1e-9, b), 'many': b > 50}", VerdictKind.Accepted)]
    [InlineData("def main_solution(a, b): return {'sum': (sum(a), float(b)), 'many': b > 50}", VerdictKind.Accepted)]
    [InlineData("def main_solution(a, b): return {'sum': (sum(a), b), 'many': int(b > 50)}", VerdictKind.Accepted)]
    [InlineData("def main_solution(a, b): return {'sum': (sum(a), b + 1), 'many': b > 50}", VerdictKind.WrongAnswer)]
    [InlineData("def main_solution(a, b): return {'sum': (sum(a) + 1e-3, b), 'many': b > 50}", VerdictKind.WrongAnswer)]
    [InlineData("def main_solution(a, b): return {'sum': (sum(a), b)}", VerdictKind.WrongAnswer)]
    [InlineData("def main_solution(b, a): return {'sum': (sum(a), b), 'many': b > 50}", VerdictKind.RuntimeError)]
    public async Task Values_are_compared_as_json(string program, VerdictKind verdict)
    {
        var problem = (await ReadAsync()).ToSet()[0];
        Assert.Equal((1, 7, 16), (problem.PublicTests.Length, problem.PrivateTests.Length, problem.Id.Length));
        Assert.Contains("main_solution(a, b)", problem.Statement);
        Assert.Contains("For example, main_solution([", problem.Statement);
        Assert.Equal(verdict, (await sandboxes.Judge().JudgeAsync(program, problem, problem.AllTests)).Kind);
        Assert.Equal(VerdictKind.Accepted, (await sandboxes.Judge().JudgeAsync(problem.Reference!, problem, problem.AllTests)).Kind);
    }

    [Theory]
    [InlineData("import random\ndef main_solution(a, b): return random.random()", "another value each time")]
    [InlineData("n = 0\ndef main_solution(a, b):\n    global n\n    n += 1\n    return n", "calls before")]
    [InlineData("def main_solution(a, b): return {1, 2}", "JSON does not hold")]
    [InlineData("def main_solution(a, b): return float('nan')", "JSON does not hold")]
    [InlineData("def main_solution(a, b): raise ValueError('no')", "fails on all inputs of its own generator: ValueError no")]
    [InlineData("def main_solution(a): return 1", "no inputs for the reference")]
    [InlineData("import nowhere\ndef main_solution(a, b): return 1", "imports nowhere")]
    [InlineData("def solution(a, b): return 1", "main_solution")]
    public async Task A_reference_that_cannot_be_judged_by_is_refused_with_the_reason(string reference, string reason)
    {
        var faults = Array.Empty<string>();
        try
        {
            faults = [.. (await ReadAsync(reference)).Faults.Select(f => f.Reason)];
        }
        catch (ProblemFormatException e)
        {
            faults = [e.Message];
        }
        Assert.Contains(reason, Assert.Single(faults));
    }

    [Fact]
    public async Task Arguments_that_can_only_be_named_are_named_and_inputs_without_a_value_are_left_out()
    {
        var problem = (await ReadAsync("def main_solution(*, a, b):\n    return 1 // (b % 2) + b")).ToSet()[0];
        Assert.InRange(problem.AllTests.Count(), 1, 7);
        Assert.Equal(VerdictKind.Accepted, (await sandboxes.Judge().JudgeAsync("def main_solution(b, a): return 1 + b", problem, problem.AllTests)).Kind);
    }

    // The published records, as far as programs need no packages; those that hang on hashes and clocks are found by nobody who runs them here.
    [Fact]
    public async Task Published_records_that_cannot_be_used_are_refused()
    {
        var folder = Path.GetDirectoryName(SharedData.Require("codeio", "codeio.jsonl.gz"))!;
        using var bad = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "bad.json")));
        var unusable = bad.RootElement.EnumerateArray().Where(b => b.GetProperty("severity").GetString() is "bad" or "needs" && !b.GetProperty("reason").GetString()!.Contains("HASHSEED", StringComparison.Ordinal)).Select(b => b.GetProperty("sha").GetString()!).ToHashSet();
        var reading = await ProblemReader.ReadAsync(Path.Combine(folder, "codeio.jsonl.gz") + "#1-60", sandboxes.Local, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("codeio", reading.Format);
        var refused = reading.Faults.Select(f => f.Problem).ToHashSet();
        Assert.Equal(60, refused.Count + reading.Problems.Length);
        Assert.Empty(reading.Problems.Select(p => p.Problem.Id).Intersect(unusable));
        Assert.Equal(18, refused.Count);
        Assert.Subset(unusable, refused);
    }
}
