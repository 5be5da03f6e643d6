using System.IO.Compression;
using System.Text;
using Rlef.Evaluation.Audit;
using Rlef.Experiments;

namespace Rlef.Core.Tests.Evaluation.Audit;

public sealed class OracleTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-oracle-").FullName;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    const string HumanEval = """{"task_id":"T/0","prompt":"","entry_point":"add","canonical_solution":"","test":"def check(candidate):\n    assert candidate(1, 2) == 3\n"}""";
    const string Plus = """{"task_id":"HumanEval/5","prompt":"def half(xs):\n","entry_point":"half","canonical_solution":"    return [x / 3 for x in xs]\n","test":"def check(f): pass","base_input":[[[1,2]]],"plus_input":[[[0.5]],[[]]],"atol":0}""";
    const string Mbpp = """{"task_id":7,"text":"","code":"","test_setup_code":"two = 2","test_list":["assert add(1, two) == 3"],"challenge_test_list":["assert add(0, 0) == 0"]}""";
    const string CodeContests = """{"name":"1_A","description":"","public_tests":{"input":["1 2\n"],"output":["Sum 3\n"]},"private_tests":{"input":["0 0\n"],"output":["Sum 0\n"]},"generated_tests":{"input":[],"output":[]}}""";
    const string Apps = """{"problem_id":3,"question":"","input_output":"{\"inputs\":[\"1 3\\n\",[\"1\",\"1\"]],\"outputs\":[\"0.333333333\\n\",[\"1.0\"]]}"}""";
    const string Lines = """{"problem_id":4,"question":"","input_output":"{\"inputs\":[\"\"],\"outputs\":[\"1 2\\n3\\n\"]}"}""";
    const string Ours = """{"id":"s","statement":"","public_tests":[{"input":"1 2","output":"3"}],"private_tests":[{"input":"1 1","output":"2\n"}]}""";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string text, bool zipped = false)
    {
        var path = Path.Combine(folder, "set");
        using var file = File.Create(path);
        using Stream target = zipped ? new GZipStream(file, CompressionLevel.Fastest) : file;
        target.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    [Theory]
    [InlineData(HumanEval, "T/0", "def add(a, b): return a + b", "def add(a, b): return a - b")]
    [InlineData(Mbpp, "7", "def add(a, b): return a + b", "def add(a, b): return 3")]
    [InlineData(Plus, "HumanEval/5", "def half(xs): return [x / 3 + 1e-9 for x in xs]", "def half(xs): return [x / 3 for x in xs[:2]] or [0]")]
    [InlineData(Plus, "HumanEval/5", "def half(xs): return [x * (1 / 3) for x in xs]", "def half(xs): return tuple(x / 3 for x in xs)")]
    [InlineData(CodeContests, "1_A", "a, b = map(int, input().split())\nprint('sum', (a + b) * (1 + 1e-9))", "a, b = map(int, input().split())\nprint('Sum', a + b + .1)")]
    [InlineData(CodeContests, "1_A", "a, b = map(int, input().split())\nprint('SUM\\n', a + b)", "print('Sum 3')")]
    [InlineData(Apps, "3", "import sys\na, b = map(int, sys.stdin.read().split())\nprint(a / b)", "import sys\na, b = map(int, sys.stdin.read().split())\nprint(a / b, 0)")]
    [InlineData(Lines, "4", "print('1  2\\n\\n3')", "print('1 2 3')")]
    [InlineData(Ours, "s", "print(sum(map(int, input().split())), end='')", "print(3)")]
    [InlineData(Ours, "s", "print(sum(map(int, input().split())))", "print(sum(map(int, input().split())), end='.0')")]
    [InlineData(Ours, "s", "print(sum(map(int, input().split())))", "print(sum(map(int, input().split()))); raise ValueError")]
    public async Task It_tells_right_from_wrong_in_every_layout_plain_or_zipped(string set, string task, string right, string wrong)
    {
        foreach (var zipped in (bool[])[false, true])
        {
            await using var oracle = new Oracle(Write(set, zipped));
            Assert.Equal(new(true, (await oracle.AskAsync(task, right, Second)).Why), await oracle.AskAsync(task, right, Second));
            Assert.False((await oracle.AskAsync(task, wrong, Second)).Passed);
            Assert.Null((await oracle.AskAsync("another", right, Second)).Passed);
        }
    }

    [Fact]
    public async Task It_ends_what_does_not_end_and_what_eats_memory()
    {
        await using var oracle = new Oracle(Write(Ours));
        Assert.Equal(new(false, "test 0: out of time"), await oracle.AskAsync("s", "while True: pass", Second));
        Assert.Contains("MemoryError", (await oracle.AskAsync("s", "x = ' ' * (1 << 40)", Second)).Why);
        Assert.True((await oracle.AskAsync("s", "print(sum(map(int, input().split())))", Second)).Passed);
    }

    [Fact]
    public async Task It_has_no_opinion_on_sets_that_it_does_not_read()
    {
        foreach (var set in (string[])[Write("PAR1\u0001\ufffd"), Path.Combine(folder, "data", "test"), folder])
        {
            await using var oracle = new Oracle(set);
            Assert.Null((await oracle.AskAsync("s", "print(3)", Second)).Passed);
        }
    }

    [Fact]
    public async Task It_accepts_the_projects_own_references()
    {
        foreach (var (name, format) in ((string, string)[])[("nano/test.jsonl", "rlef"), ("functions/functions.jsonl", "humaneval")])
        {
            var path = Home.File("data", name);
            await using var oracle = new Oracle(path);
            var (text, count) = (File.ReadLines(path).Take(10).Select(l => System.Text.Json.Nodes.JsonNode.Parse(l)!), 0);
            foreach (var record in text)
            {
                var (task, program) = format == "rlef" ? ($"{record["id"]}", $"{record["reference"]}") : ($"{record["task_id"]}", $"{record["prompt"]}{record["canonical_solution"]}");
                Assert.True((await oracle.AskAsync(task, program, 5 * Second)).Passed);
                count++;
            }
            Assert.Equal(10, count);
        }
    }
}
