using System.Text.Json;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>Why a program fails, and where the programs in responses are.</summary>
public sealed class JudgeCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-judge-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string name, params string[] lines)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
        return path;
    }

    string Problems => Write("set.jsonl",
        """{"id":"sum","statement":"-","public_tests":[{"input":"1 2","output":"3"}],"private_tests":[{"input":"4 5","output":"9"},{"input":"x","output":"0"},{"input":"9","output":"27"}]}""",
        """{"id":"pair","statement":"-","entry_point":"pair","public_tests":[{"input":"[1, \"b\"]","output":"[1, 77]"}],"private_tests":[{"input":"[2, \"b\"]","output":"[2, \"b\"]"}]}""",
        """{"id":"faulty","statement":"-"}""");

    [Fact]
    public async Task Every_test_is_shown_with_the_place_that_differs()
    {
        var program = Write("a.py", "import sys", "a = sys.stdin.read().split()", "if a[0] == '9':", "    while True: pass", "n = sum(map(int, a))", @"print(n if n < 9 else '8\x1b[31m')");
        var (code, output, error) = await RlefAsync("judge", program, "--problem", "sum", "--problems", Problems);
        Assert.Equal((1, ""), (code, error));
        // Neither ours nor the program's colours.
        Assert.DoesNotContain('\u001b', output);
        string[] lines = output.Split('\n');
        Assert.StartsWith("✓ public_tests[0]    Accepted", lines[2]);
        Assert.StartsWith("✗ private_tests[0]   WrongAnswer", lines[3]);
        Assert.Equal(["    input", "      4 5", "    expected", "      9", "      ^", "    got", "      8␛[31m", "      ^^^^^^"], lines[4..12]);
        Assert.Contains("ValueError: invalid literal for int() with base 10: 'x'", output);
        Assert.Contains("More than 1 s of processor time", output);
        Assert.EndsWith("TimeLimit: 1 of 4 tests accepted\n", output);
        var brief = (await RlefAsync("judge", program, "--problem", "sum", "--problems", Problems, "--most", "0")).Output;
        Assert.Equal(7, brief.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task A_package_that_this_machine_lacks_is_named_in_one_line()
    {
        var (code, output, error) = await RlefAsync("judge", Write("a.py", "print(3)"), "--problem", "sum", "--problems", Problems, "--python-packages", "no_such_package");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("rlef: /usr/bin/python3 has no package ", error);
        Assert.Contains("no_such_package", error);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_call_is_shown_as_such_and_an_accepted_program_exits_with_zero()
    {
        var (_, output, _) = await RlefAsync("judge", Write("b.py", "def pair(a, b):", "    return [a, b]"), "--problem", "pair", "--problems", Problems);
        Assert.Contains("pair(1, 'b')", output);
        Assert.Contains("      [1, 77]\n          ^^\n    got\n      [1, 'b']\n          ^\n", output);
        var (code, _, _) = await RlefAsync("judge", Write("c.py", "pair = lambda a, b: [a, b if a == 2 else 77]"), "--problem", "pair", "--problems", Problems);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Long_outputs_are_shown_around_the_difference()
    {
        var expected = string.Join("\\n", Enumerable.Range(0, 500).Select(i => i == 300 ? new string('a', 300) + "b" + new string('a', 300) : $"{i}"));
        var set = Write("long.jsonl", $$"""{"id":"long","statement":"-","public_tests":[{"input":"","output":"{{expected}}"}],"private_tests":[{"input":"","output":"{{expected}}"}]}""");
        var (code, output, _) = await RlefAsync("judge", Write("d.py", "for i in range(500): print(i if i != 300 else 'a' * 300 + 'c' + 'a' * 300)"), "--problems", set);
        Assert.Equal(1, code);
        Assert.Contains("… 296 more lines", output);
        Assert.Contains("… 192 more lines", output);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 180));
        Assert.Contains("aca", output);
    }

    [Theory]
    [InlineData("su", "has no problem 'su'")]
    [InlineData(null, "name one")]
    [InlineData("faulty", "line 3, field 'public_tests'")]
    public async Task A_problem_that_cannot_be_judged_is_named(string? id, string fault)
    {
        var (code, output, error) = await RlefAsync(["judge", Write("a.py", "pass"), "--problems", Problems, .. id is null ? (string[])[] : ["--problem", id]]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(fault, error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Extracted_programs_are_scored_with_details()
    {
        var responses = Write("responses.jsonl",
            """{"task_id":"sum","response":"<think>Hm</think>\n```python\nimport sys\nprint(sum(map(int, sys.stdin.read().split())))\n```\n"}""",
            """{"task_id":"sum","response":"I do not know."}""",
            """{"question_id":"pair","output_list":["```js\nx\n```","1. So\n   ```py\n   def pair(a, b):\n       return [a, b]\n   ```"]}""",
            """{"custom_id":"pair","response":{"body":{"choices":[{"message":{"role":"assistant","content":"```python\npair = 'ü"}}]}}}""");
        var samples = Path.Combine(folder, "samples.jsonl");
        var (code, output, error) = await RlefAsync("extract", responses, "--out", samples);
        Assert.Equal((0, ""), (code, output));
        Assert.Equal(
        [
            "line 1, sum: program of 2 lines, marked python", "line 2, sum: no program: it has no code block", "line 3, pair: no program: its code is marked js, not python",
            "line 3, pair: program of 2 lines, marked python", "line 4, pair: no program: its code block is not closed: it was cut", "2 of 5 responses have a program.",
        ], error.Trim().Split('\n'));
        Assert.Equal("""{"task_id":"pair","program":"def pair(a, b):\n    return [a, b]\n","found":"program of 2 lines, marked python"}""", File.ReadAllLines(samples)[3]);
        Assert.Equal(File.ReadAllText(samples), (await RlefAsync("extract", responses)).Output);

        var results = Path.Combine(folder, "results.json");
        (code, _, _) = await RlefAsync("evaluate", "--problems", Problems, "--samples", samples, "--k", "1", "--out", results, "--details");
        Assert.Equal(0, code);
        var tasks = JsonDocument.Parse(File.ReadAllText(results)).RootElement.GetProperty("tasks");
        Assert.Equal((2, 3), (tasks[0].GetProperty("n").GetInt32(), tasks[1].GetProperty("n").GetInt32()));
        var failure = tasks[1].GetProperty("failures")[1];
        Assert.Equal((1, "[1, 77]", "[1, 'b']"), (failure.GetProperty("sample").GetInt32(), failure.GetProperty("expected").GetString(), failure.GetProperty("got").GetString()));
        (code, _, error) = await RlefAsync("evaluate", "--problems", Problems, "--samples", samples, "--details");
        Assert.Equal((1, "rlef: --details needs --out: the file that they are written to.\n"), (code, error));
    }

    [Fact]
    public async Task A_refusal_is_a_response_without_a_program_and_parts_of_text_are_one()
    {
        var (code, _, error) = await RlefAsync("extract", Write("responses.jsonl", """{"task_id":1,"response":null}""", """{"task_id":2,"choices":[{"message":{"content":null}}]}""",
            """{"task_id":3,"messages":[{"role":"assistant","content":[{"type":"text","text":"```python\nx=1\n"},{"type":"image_url"},{"type":"text","text":"```"}]}]}""",
            """{"task_id":4,"choices":[]}""", """{"task_id":5,"messages":[{"role":"user","content":"```python\nx=1\n```"}]}"""));
        Assert.Equal(0, code);
        Assert.Equal(["line 1, 1: no program: it has no code block", "line 2, 2: no program: it has no code block", "line 3, 3: program of 1 line, marked python",
            "line 4, 4: no program: it has no code block", "line 5, 5: no program: it has no code block", "1 of 5 responses have a program."], error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Responses_without_text_are_named_and_leave_no_file()
    {
        var (code, _, error) = await RlefAsync("extract", Write("responses.jsonl", """{"task_id":1,"response":"-"}""", """{"task_id":2}"""), "--out", Path.Combine(folder, "out.jsonl"));
        Assert.Equal(1, code);
        Assert.Contains("line 2, field 'response'", error);
        Assert.Equal(["responses.jsonl"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }
}
