using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

public sealed class PuzzleFormatTests(Sandboxes sandboxes) : IDisposable
{
    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    async Task<ProblemReading> ReadAsync(Action<JsonObject>? change = null)
    {
        var record = new JsonObject
        {
            ["name"] = "Half:0", ["sat"] = "def sat(xs: List[int], total=6):\n    return sum(xs) == total and len(xs) == 2", ["ans_type"] = "List[int]",
            ["sol_header"] = "def sol(total=6):", ["sol_docstring"] = "    \"\"\"Two numbers and their sum.\"\"\"", ["sol_bodies"] = new JsonArray("    return [total // 2] * 2"),
        };
        change?.Invoke(record);
        await File.WriteAllTextAsync(path, record.ToJsonString(), TestContext.Current.CancellationToken);
        return await ProblemReader.ReadAsync(path, sandboxes.Local);
    }

    [Theory]
    [InlineData("def sol(total=6): return [1, 5]", VerdictKind.Accepted)]
    [InlineData("def sol(total=6): return next([i, 6 - i] for i in range(9) if sat([i, 6 - i]))", VerdictKind.Accepted)]
    [InlineData("def sol(total=6): return [1, 4]", VerdictKind.WrongAnswer)]
    [InlineData("def sol(total=6): return (1, 5)", VerdictKind.WrongAnswer)]
    [InlineData("def sol(total=6): return [1.0, 5.0]", VerdictKind.WrongAnswer)]
    [InlineData("def sol(total=6): return [True, 5]", VerdictKind.WrongAnswer)]
    [InlineData("def sat(*a): return True\ndef sol(total=6): return [0]", VerdictKind.WrongAnswer)]
    [InlineData("class L(list):\n    def __len__(s): return 2\ndef sol(total=6): return L([6])", VerdictKind.WrongAnswer)]
    [InlineData("def sol(total): return [1, 5]", VerdictKind.RuntimeError)]
    public async Task Sat_decides_on_a_value_of_exactly_the_type(string program, VerdictKind verdict)
    {
        var reading = await ReadAsync();
        Assert.Equal("p3", reading.Format);
        var problem = reading.ToSet()[0];
        Assert.Contains("def sat(xs", problem.Statement);
        // What a dialogue shows as the expected output must not be an answer.
        Assert.DoesNotContain("[", problem.PublicTests.Single().Output.Replace("List[int]", ""));
        Assert.Equal(verdict, (await sandboxes.Judge().JudgeAsync(program, problem, problem.AllTests)).Kind);
    }

    [Theory]
    [InlineData("ans_type", "List[int")]
    [InlineData("ans_type", "dict")]
    [InlineData("sat", "def other(x): return True")]
    [InlineData("sol_header", "def solve():")]
    public async Task Faults_name_the_field(string field, string value) =>
        Assert.Equal(field, (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(r => r[field] = value))).Field);
}
