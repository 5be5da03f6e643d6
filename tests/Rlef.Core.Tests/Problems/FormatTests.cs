using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>What each public format says is what is judged.</summary>
public sealed class FormatTests(Sandboxes sandboxes) : SmallSets(sandboxes)
{
    [Theory]
    [InlineData(HumanEval, "humaneval", 1)]
    [InlineData(Mbpp, "mbpp", 1)]
    [InlineData(Objects, "mbpp", 1)]
    [InlineData(Plus, "evalplus", 3)]
    [InlineData(CodeContests, "codecontests", 1)]
    [InlineData(Stdio, "codecontests", 0)]
    [InlineData(Apps, "apps", 2)]
    [InlineData(AppsSplit, "apps", 0)]
    public async Task A_set_is_recognised_and_proves_itself_plain_or_zipped(string text, string format, int references)
    {
        foreach (var path in (string[])[Write(text), Zip(text)])
        {
            var (reading, result) = await ValidateAsync(path);
            var count = text.Split('\n').Length;
            Assert.Equal((format, count, references), (reading.Format, reading.Records, reading.References));
            Assert.Equal((count, references, references, count), (result.Problems, result.References, result.Accepted, result.EmptyRejected));
            Assert.Empty(result.Faults);
        }
    }

    [Fact]
    public async Task HumanEvals_test_code_becomes_calls_and_still_decides()
    {
        var problem = (await ReadAsync(Write(HumanEval))).ToSet()[0];
        Assert.Equal(["[1, 2]", "[0.1, 0.2]", "[0, 0]", "[1, 1]", "[2, 2]"], problem.AllTests.Select(t => t.Input));
        Assert.Equal((1, "3"), (problem.PublicTests.Length, problem.PublicTests[0].Output));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(problem, problem.CompletionPrefix + "    return b + a + 1e-9 * (type(a) is float)\n"));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(problem, "add = lambda a, b: float(a + b)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(problem, "def add(a, b): return a + b + 1e-3 * (type(a) is float)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(problem, "class A(int):\n    def __eq__(s, o): return True\ndef add(a, b): return A(a + b)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(problem, "class A:\n    def __eq__(s, o): return True\n    def __sub__(s, o): return 0\ndef add(a, b): return A()"));
        Assert.Equal(VerdictKind.RuntimeError, await JudgeAsync(problem, "import os\ndef add(a, b): os._exit(0)"));
        Assert.Equal(VerdictKind.RuntimeError, await JudgeAsync(problem, "import sys\ndef add(a, b): sys.exit(0)"));
        Assert.Equal(VerdictKind.RuntimeError, await JudgeAsync(problem, "def check(c): pass\ndef add(a, b): raise ValueError"));
        Assert.Equal(VerdictKind.CompileError, await JudgeAsync(problem, problem.CompletionPrefix + "  return a + b"));
    }

    [Fact]
    public async Task Mbpps_assertions_become_calls_of_values_and_of_objects()
    {
        var shared = (await ReadAsync(Write(Mbpp))).ToSet()[0];
        Assert.Equal(("7", "shared", 1, 2), (shared.Id, shared.EntryPoint, shared.PublicTests.Length, shared.PrivateTests.Length));
        Assert.Contains("shared((1, 2),(2, 3))", shared.Statement);
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(shared, "def shared(a, b): return [x for x in a if x in b]"));   // [] == () is false
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(shared, "def shared(a, b): return tuple(x for x in reversed(a) if x in b)"));
        var depth = (await ReadAsync(Write(Objects))).ToSet()[0];
        Assert.Equal(["=depth(root)", "=depth(Node())"], depth.AllTests.Select(t => t.Input));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(depth, "class Node:\n  def __init__(self, l=None): self.l = l\ndef depth(n): return 1"));
    }

    [Fact]
    public async Task A_slow_reference_widens_the_limits_of_its_problem_and_makes_it_no_other()
    {
        var record = JsonSerializer.Serialize(new { task_id = 5, text = "Count.", code = "import time\ndef f(n):\n  t = time.process_time()\n  while time.process_time() - t < 1: pass\n  return n", test_list = new[] { "assert f(1) == 1", "assert f(2) == 2" } });
        var problem = (await ReadAsync(Write(record))).ToSet()[0];
        var (cpu, stated) = (problem.Limits!.Cpu.TotalSeconds, problem.StatedLimits!.Cpu.TotalSeconds);
        Assert.True(cpu > stated, $"{cpu} s for {stated} s");
        Assert.Equal(ProblemFile.Digest([problem]), ProblemFile.Digest([problem with { Limits = problem.Limits with { Cpu = 9 * problem.Limits.Cpu } }]));
        Assert.NotEqual(ProblemFile.Digest([problem]), ProblemFile.Digest([problem with { StatedLimits = null }]));
        var path = Write("", "saved.jsonl");
        ProblemFile.Save(path, [problem]);
        Assert.Equal(problem.Limits, ProblemFile.Load(path)[0].Limits);
    }

    [Fact]
    public async Task EvalPlus_runs_the_solution_and_compares_as_it_does()
    {
        var set = (await ReadAsync(Write(Plus))).ToSet();
        var (elements, zero, third) = (set["Mbpp/2"], set["HumanEval/32"], set["HumanEval/2"]);
        Assert.Equal((1, 2), (elements.PublicTests.Length, elements.PrivateTests.Length));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(elements, "def similar_elements(a, b): return [x for x in a if x in b]"));   // as sets
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(elements, "def similar_elements(a, b): return a"));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(zero, "def find_zero(xs): return -xs[0] / xs[1] + 1e-6"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(zero, "def find_zero(xs): return -xs[0] / xs[1] + 1e-2"));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(third, "def third(x): return [x / 3 + 1e-9]"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(third, "def third(x): return (x / 3,)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(third, "def third(x): return [x / 3 + 1e-3]"));
    }

    [Fact]
    public async Task Files_that_a_problem_of_CodeContests_names_hold_input_and_output()
    {
        var line = CodeContests.Split('\n')[0].TrimStart();
        var problem = (await ReadAsync(Write(line.Replace("\"description\"", "\"input_file\":\"double.in\",\"output_file\":\"\",\"description\"", StringComparison.Ordinal)))).ToSet()[0];
        Assert.Equal(("double.in", null), (problem.InputFile, problem.OutputFile));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(problem, "print(2*int(open('double.in').read()))"));
        var e = await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write(line.Replace("\"description\"", "\"output_file\":\"../x\",\"description\"", StringComparison.Ordinal))));
        Assert.Equal("output_file", e.Field);
    }

    [Fact]
    public async Task Rlef_s_own_records_keep_class_files_and_stack()
    {
        var problem = (await ReadAsync(Write("""{"id":"a","statement":"x","public_tests":[{"input":"[1]","output":"1"}],"private_tests":[{"input":"[1]","output":"1"}],"entry_point":"Solution.f","input_file":"i","output_file":"o","limits":{"memory_mb":64.5,"stack_mb":0.5,"output_kb":0.5}}"""))).ToSet()[0];
        Assert.Equal(("f", "Solution", "i", "o", 1L << 19), (problem.EntryPoint, problem.EntryClass, problem.InputFile, problem.OutputFile, problem.Limits!.StackBytes));
        var path = Write("", "saved.jsonl");
        ProblemFile.Save(path, [problem]);
        var read = (await ReadAsync(path)).ToSet()[0];
        Assert.Equal((problem.EntryPoint, problem.EntryClass, problem.InputFile, problem.OutputFile, problem.Limits), (read.EntryPoint, read.EntryClass, read.InputFile, read.OutputFile, read.Limits));
    }

    [Theory]
    [InlineData("[1", "1", "", "public_tests[0].input")]
    [InlineData("{}", "1", "", "public_tests[0].input")]
    [InlineData("=f(1)", "None", "", "public_tests[0].output")]
    [InlineData("[1]", "1", ",\"comparison\":\"unordered\",\"tolerance\":1", "tolerance")]
    [InlineData("[1]", "1", ",\"tolerance\":{\"absolut\":1}", "tolerance.absolut")]
    [InlineData("[1]", "1", ",\"limits\":{\"cpu_secs\":1}", "limits.cpu_secs")]
    [InlineData("[1]", "1", "", "entry_point", "f()")]
    [InlineData("[1]", "1", "", "entry_point", "")]
    [InlineData("[1]", "1", "", "entry_point", "Solution.inner.f")]
    public async Task Rlef_s_own_records_of_calls_hold_JSON_and_settings_that_count(string input, string output, string more, string field, string entry = "f")
    {
        var test = JsonSerializer.Serialize(new { input, output });
        var fault = await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write($"{{\"id\":\"a\",\"statement\":\"x\",\"public_tests\":[{test}],\"private_tests\":[{test}],\"entry_point\":\"{entry}\"{more}}}")));
        Assert.Equal((1, field), (fault.Line, fault.Field));
    }

    [Fact]
    public async Task Rlef_s_own_records_compare_values_exactly_by_what_they_are()
    {
        var problem = (await ReadAsync(Write("""{"id":"a","statement":"x","public_tests":[{"input":"[1]","output":"[1,\"é\"]"}],"private_tests":[{"input":"[1]","output":"[1,\"é\"]"}],"entry_point":"f","comparison":"exact"}"""))).ToSet()[0];
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(problem, "def f(x): return [x, 'é']"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(problem, "def f(x): return (x, 'é')"));
    }

    [Fact]
    public async Task Tests_of_CodeContests_and_APPS_are_split_into_public_and_private()
    {
        var contest = (await ReadAsync(Write(CodeContests))).ToSet();
        Assert.Equal(("2\n", 2, "print(2*int(input()))"), (contest[0].PublicTests[0].Input, contest[0].PrivateTests.Length, contest[0].Reference));
        var real = contest[0] with { PublicTests = [new("", "Yes 0.8333333333 90071992547409931")], PrivateTests = [new("", "Yes 0.8333333333 90071992547409931")] };
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(real, "print('YES', 5/6, 90071992547409931)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(real, "print('YES', 0.8334, 90071992547409931)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(real, "print('YES', 5/6, 90071992547409932)"));
        Assert.Equal((1, 1, null), (contest[1].PublicTests.Length, contest[1].AllTests.Length, contest[1].Reference));
        var apps = (await ReadAsync(Write(Apps))).ToSet();
        Assert.Equal(["[[1,2]]", "[[4,6]]", "[[1]]"], apps["2"].AllTests.Select(t => t.Input));
        Assert.Equal(["[[2]]", "[[4,6]]", "[[]]"], apps["2"].AllTests.Select(t => t.Output));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(apps["2"], "def evens(xs): return [[x for x in xs if x % 2 == 0]]"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(apps["2"], "def evens(xs): return xs"));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(apps["1"], "print(sqrt(0.25) if input() == '1' else Counter('aa')['a'] + 1e-4)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(apps["1"], "print(0.5 if input() == '1' else 2.001)"));
        var pin = (await ReadAsync(Write(AppsSplit))).ToSet()[0];
        // '1234' beside 'a234' is a text; the second parameter is a list in both.
        Assert.Equal(["[\"1234\", [1, \"a\"]]", "[\"a234\", []]"], pin.AllTests.Select(t => t.Input));
    }

    // JSON has texts for keys. A dict whose keys are whole numbers is one with numbers, in a list of its own or not.
    [Theory]
    [InlineData("""[{"3": 4, "-5": 6}, 1]""", """{"4": 3, "6": -5}""", "{v: k for k, v in d.items()}", true)]
    [InlineData("""[{"3": 4}, 1]""", """[{"4": 3}]""", "{v: k for k, v in d.items()}", true)]
    [InlineData("""[{"3": 4}, 1]""", """[{"4": 3}]""", "[{v: k for k, v in d.items()}]", true)]
    [InlineData("""[{"3": 4}, 1]""", """{"4": 3}""", "{str(v): k for k, v in d.items()}", false)]
    [InlineData("""[{"3": 4}, 1]""", """[{"4": 3}, {"4": 5}]""", "[{4: 3}, {4: 5}]", true)]
    [InlineData("""[{"3": 4}, 1]""", """[{"4": 3}, {"4": 5}]""", "[{4: 3}]", false)]
    [InlineData("""[{"3": 4, "a": 5}, 1]""", """{"b": 9}""", "{'b': sum(d.values())} if '3' in d else None", true)]
    [InlineData("""[{"3": 4, "a": 5}, 1]""", """{"b": 9}""", "[{'b': 9}]", false)]
    [InlineData("""[1, {"3": 4}]""", """{"b": {"3": 4}}""", "{'b': e}", true)]
    [InlineData("""[1, {"3": 4}]""", "[Infinity]", "float('inf')", true)]
    public async Task Dicts_of_APPS_have_whole_numbers_for_keys(string arguments, string output, string value, bool accepted)
    {
        var record = new JsonObject { ["problem_id"] = 1, ["question"] = "-", ["input_output"] = $$"""{"fn_name": "f", "inputs": [{{arguments}}], "outputs": [{{output}}]}""" };
        var problem = (await ReadAsync(Write(record.ToJsonString()))).ToSet()[0];
        Assert.Equal(accepted, await JudgeAsync(problem, $"def f(d, e): return {value}") == VerdictKind.Accepted);
    }

    // EvalPlus' table on the hub: MBPP's assertions, and the further tests as code that asks numpy whether numbers are close.
    [Fact]
    public async Task The_further_tests_of_a_table_of_MBPP_count()
    {
        const string Test = """
            import numpy as np
            def is_floats(x):
                return isinstance(x, float) or isinstance(x, (list, tuple)) and all(isinstance(i, float) for i in x) or isinstance(x, np.ndarray)
            def assertion(out, exp, atol):
                if atol == 0 and is_floats(exp):
                    atol = 1e-6
                if out != exp and atol != 0:
                    assert np.allclose(out, exp, rtol=1e-07, atol=atol)
                else:
                    assert out == exp, f"out: {out}, exp: {exp}"
            for inp, exp in zip([[3], [-4], [[1.5, 2.0]]], [1.5, -2.0, [0.75, 1.0]]):
                assertion(half(*inp), exp, 0)
            """;
        var record = new JsonObject
        {
            ["task_id"] = 2,
            ["code"] = "def half(x):\n    return [i / 2 for i in x] if type(x) is list else x / 2",
            ["prompt"] = "Write a function to halve.",
            ["test_imports"] = new JsonArray(),
            ["test_list"] = new JsonArray("assert half(2) == 1", "assert half(8) == 4"),
            ["test"] = Test,
        };
        var half = (await ReadAsync(Write(record.ToJsonString()))).ToSet()[0];
        Assert.Equal((1, 4), (half.PublicTests.Length, half.PrivateTests.Length));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(half, "def half(x): return [i * .5 + 1e-8 for i in x] if type(x) is list else x * .5"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(half, "def half(x): return [i * .5 + 1e-5 for i in x] if type(x) is list else x * .5"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(half, "def half(x): return abs(x) / 2 if type(x) is int else [.75, 1.]"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(half, "def half(x): return {2: 1, 8: 4}.get(x) if type(x) is int else x"));
    }

    [Fact]
    public async Task LiveCodeBench_packs_texts_that_are_read_but_never_run()
    {
        // What Python's pickle.dumps of a text gives, compressed and in base64.
        const string tests = """[{"input":"[1, 2]\n3","output":"[4, 5]","testtype":"functional"}]""";
        byte[] pickled = [0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, (byte)'X', .. BitConverter.GetBytes(tests.Length), .. Encoding.UTF8.GetBytes(tests), 0x94, (byte)'.'];
        var record = new JsonObject
        {
            ["question_id"] = "q1",
            ["question_content"] = "Add to each.",
            ["starter_code"] = "class Solution:\n    def add(self, xs, d):",
            ["public_test_cases"] = """[{"input":"[1]\n1","output":"[2]","testtype":"functional"}]""",
            ["private_test_cases"] = Pack(pickled),
            ["metadata"] = """{"func_name":"add"}""",
        };
        var set = (await ReadAsync(Write(record.ToJsonString()))).ToSet();
        Assert.Equal(["[[1], 1]", "[[1, 2], 3]"], set[0].AllTests.Select(t => t.Input));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(set[0], "class Solution:\n    def add(self, xs: List[int], d):\n        return [x + d for x in xs]"));
        // What the harness imports for a program is none of its functions, and a function beside the class is not its method.
        Assert.Equal(("add", "Solution"), (set[0].EntryPoint, set[0].EntryClass));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(set[0], "def add(xs, d): return [x + d for x in xs]\nclass Solution:\n    def add(self, *given): return add(*given)"));
        var count = set[0] with { EntryPoint = "count" };
        Assert.Equal(VerdictKind.RuntimeError, await JudgeAsync(count, ""));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(count, "class Solution:\n    def count(self, xs, d): return [x + d for x, _ in zip(xs, count())]"));
        // A pickle that would import and call something is refused.
        record["private_test_cases"] = Pack("cos\nsystem\n(S'true'\ntR."u8.ToArray());
        var e = await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write(record.ToJsonString())));
        Assert.Equal("private_test_cases", e.Field);
        // Nor does one that ends in the middle end the reading.
        record["private_test_cases"] = Pack([0x80, 4, 0x8c]);
        Assert.Equal("private_test_cases", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write(record.ToJsonString())))).Field);

        static string Pack(byte[] data)
        {
            using var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
                zlib.Write(data);
            return Convert.ToBase64String(packed.ToArray());
        }
    }

    [Fact]
    public async Task An_APPS_problem_without_a_function_s_name_reads_standard_input()
    {
        var problem = (await ReadAsync(Write(Apps.Split('\n')[0].Replace("{\\\"inputs", "{\\\"fn_name\\\":\\\"\\\",\\\"inputs", StringComparison.Ordinal)))).ToSet()[0];
        Assert.Null(problem.EntryPoint);
    }

    [Fact]
    public async Task An_APPS_folder_is_read()
    {
        Write("Double.", "apps/0001/question.txt");
        Write("""{"inputs":["1\n"],"outputs":["2\n"]}""", "apps/0001/input_output.json");
        Write("""["print(2*int(input()))"]""", "apps/0001/solutions.json");
        Write("Lost.", "apps/0002/question.txt");
        Write("""{"inputs":["1\n"],"outputs":["2\n"]}""", "apps/0003/input_output.json");
        var reading = await ReadAsync(Path.Combine(folder, "apps"));
        Assert.Equal(("apps", 3, "0001"), (reading.Format, reading.Records, reading.Problems[0].Problem.Id));
        Assert.Equal(["input_output.json", "question.txt"], reading.Faults.Select(f => f.Field));
    }

    [Fact]
    public async Task Every_format_comes_back_from_our_own()
    {
        var set = (await ReadAsync(Write(Plus + "\n"))).ToSet().Concat((await ReadAsync(Write(Apps))).ToSet()).ToList();
        var path = Path.Combine(folder, "own.jsonl");
        ProblemFile.Save(path, set);
        foreach (var (read, written) in ProblemFile.Load(path).Zip(set))
        {
            var (a, b) = (read with { PublicTests = [], PrivateTests = [], Labels = written.Labels }, written with { PublicTests = [], PrivateTests = [] });
            Assert.Equal(b, a);
            Assert.Equal(written.AllTests.AsEnumerable(), read.AllTests);
        }
    }
}
