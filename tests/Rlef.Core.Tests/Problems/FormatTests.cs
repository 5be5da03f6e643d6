using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>Small files in every public format, made here.</summary>
public sealed class FormatTests(Sandboxes sandboxes) : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-formats-").FullName;

    const string HumanEval = """
        {"task_id":"T/0","prompt":"def add(a, b):\n    \"\"\"Adds.\"\"\"\n","entry_point":"add","canonical_solution":"    return a + b\n","test":"def check(candidate):\n    assert candidate(1, 2) == 3\n    assert abs(candidate(0.1, 0.2) - 0.3) < 1e-6\n    for i in range(3):\n        assert candidate(i, i) == 2 * i\n"}
        """;

    const string Mbpp = """
        {"task_id":7,"text":"Give the shared elements.","code":"def shared(a, b):\r\n  return tuple(set(a) & set(b))","test_setup_code":"","test_list":["assert set(shared((1, 2),(2, 3))) == set((2,))","assert set(shared((1, 2),(2, 1))) == {1, 2}"],"challenge_test_list":["assert shared((),()) == ()"]}
        """;

    const string Objects = """
        {"task_id":8,"text":"Depth.","code":"class Node:\n  def __init__(self, l=None): self.l = l\ndef depth(n):\n  return 0 if n is None else 1 + depth(n.l)","test_setup_code":"root = Node(Node())","test_list":["assert (depth(root)) == 2","assert depth(Node()) == 1"],"challenge_test_list":[]}
        """;

    const string Plus = """
        {"task_id":"Mbpp/2","prompt":"\"\"\"Shared.\"\"\"\n","entry_point":"similar_elements","canonical_solution":"def similar_elements(a, b):\n  assert type(a) is tuple\n  return tuple(set(a) & set(b))\n","base_input":[[[3,4],[4,5]]],"plus_input":[[[1,2,3],[3,2,9]],[[],[Infinity]]],"atol":0}
        {"task_id":"HumanEval/32","prompt":"","entry_point":"find_zero","canonical_solution":"def find_zero(xs):\n  return -xs[0] / xs[1]\n","base_input":[[[1,2]]],"plus_input":[[[-4,4]]],"atol":0.0001}
        {"task_id":"HumanEval/2","prompt":"","entry_point":"third","canonical_solution":"def third(x):\n  return [x / 3]\n","base_input":[[1]],"plus_input":{},"atol":0}
        """;

    const string CodeContests = """
        {"name":"1_A","description":"Double.","public_tests":{"input":["2\n"],"output":["4\n"]},"private_tests":{"input":["3\n"],"output":["6\n"]},"generated_tests":{"input":["4\n"],"output":["8\n"]},"solutions":{"language":[2,3],"solution":["int main(){}","print(2*int(input()))"]}}
        {"name":"1_B","description":"Double.","public_tests":{"input":[],"output":[]},"private_tests":{"input":["3\n"],"output":["6\n"]},"generated_tests":{"input":[],"output":[]},"solutions":{"language":[2],"solution":["int main(){}"]}}
        """;

    const string Stdio = """
        {"content":"Double.","id":5,"labels":"{}","test":"[{\"input\":{\"stdin\":\"1\"},\"output\":{\"stdout\":\"2\"}},{\"input\":{\"stdin\":\"2\"},\"output\":{\"stdout\":\"4\"}}]"}
        """;

    const string Apps = """
        {"problem_id":1,"question":"Halve.","solutions":"[\"print(int(input())/2)\"]","input_output":"{\"inputs\":[\"1\\n\",\"4\\n\"],\"outputs\":[\"0.5\\n\",\"2.0000000001\\n\"]}","difficulty":"introductory","starter_code":""}
        {"problem_id":2,"question":"Evens.","solutions":"[\"class Solution:\\n    def evens(self, xs: List[int]):\\n        return tuple(x for x in xs if x % 2 == 0)\"]","input_output":"{\"fn_name\":\"evens\",\"inputs\":[[[1,2]],[[4,6]],[[1]]],\"outputs\":[[[2]],[[4,6]],[[]]]}","starter_code":"class Solution:\n    def evens(self, xs):\n        "}
        """;

    const string AppsSplit = """
        {"name":"9","description":"Pin.","difficulty":"introductory","id":9,"sample_io":[],"test_list":[{"input":"1234\n[1, 'a']","output":[true]},{"input":"a234\n[]","output":[false]}],"starter_code":"\ndef pin(p, xs):\n\t"}
        """;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string text, string name = "problems.jsonl")
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    string Zip(string text, string name = "problems.jsonl.gz")
    {
        var path = Path.Combine(folder, name);
        using var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        zip.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    Task<ProblemReading> ReadAsync(string path, string? format = null) => ProblemReader.ReadAsync(path, sandboxes.Local, format);

    async Task<(ProblemReading Reading, ProblemSetValidator.Result Result)> ValidateAsync(string path)
    {
        var reading = await ReadAsync(path);
        return (reading, await ProblemSetValidator.ValidateAsync(reading.ToSet(), sandboxes.Judge()));
    }

    async Task<VerdictKind> JudgeAsync(Problem problem, string program) => (await sandboxes.Judge().JudgeAsync(program, problem, problem.AllTests)).Kind;

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
        var problem = (await ReadAsync(Write("""{"id":"a","statement":"x","public_tests":[{"input":"[1]","output":"1"}],"private_tests":[{"input":"[1]","output":"1"}],"entry_point":"Solution.f","input_file":"i","output_file":"o","limits":{"memory_mb":64,"stack_mb":8}}"""))).ToSet()[0];
        Assert.Equal(("f", "Solution", "i", "o", 8L << 20), (problem.EntryPoint, problem.EntryClass, problem.InputFile, problem.OutputFile, problem.Limits!.StackBytes));
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
    public async Task Rlef_s_own_records_of_calls_hold_JSON_and_settings_that_count(string input, string output, string more, string field)
    {
        var test = JsonSerializer.Serialize(new { input, output });
        var fault = await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write($"{{\"id\":\"a\",\"statement\":\"x\",\"public_tests\":[{test}],\"private_tests\":[{test}],\"entry_point\":\"f\"{more}}}")));
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
    public async Task A_Kattis_package_gives_tests_flags_submission_and_validator()
    {
        Write("name: Half\nvalidator_flags: float_tolerance 1e-3\n", "set/half/problem.yaml");
        Write("Halve.", "set/half/problem_statement/problem.en.tex");
        Write("1\n", "set/half/data/sample/1.in");
        Write("0.5\n", "set/half/data/sample/1.ans");
        Write("3\n", "set/half/data/secret/group/2.in");
        Write("1.5 Yes\n", "set/half/data/secret/group/2.ans");
        Write("n=int(input())\nprint(n/2+1e-5, 'YES' if n==3 else '')", "set/half/submissions/accepted/half.py");
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "name: D\nvalidation: custom\n"), ("problem_statement/problem.en.tex", "Any divisor."),
            ("data/sample/1.in", "12"), ("data/sample/1.ans", "0"), ("submissions/accepted/a.py", "print(3)"),
            ("output_validators/v.py", "import sys\nn=int(open(sys.argv[1]).read())\nopen(sys.argv[3]+'judgemessage.txt','w').write('x')\nd=int(sys.stdin.read())\nsys.exit(42 if n%d==0 else 43)")])
            Write(text, "set/divisor/" + path);
        var (reading, result) = await ValidateAsync(Path.Combine(folder, "set"));
        Assert.Equal(("kattis", 2, 2, 2), (reading.Format, result.Problems, result.Accepted, result.EmptyRejected));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(reading.ToSet()["divisor"], "print(5)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(reading.ToSet()["half"], "print(0.5)"));
        Write("name: I\nvalidation: custom interactive\n", "set/i/problem.yaml");
        var fault = Assert.Single((await ReadAsync(Path.Combine(folder, "set"))).Faults);
        Assert.Equal(("i", "validation"), (fault.Problem, fault.Field));
    }

    // As they lie on a judge's disk, whatever the validator opens them with; one that ends in another way than by 42 or 43 is no verdict.
    [Fact]
    public async Task A_Kattis_validator_finds_files_and_a_folder()
    {
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "name: D\nvalidation: custom\n"), ("problem_statement/problem.en.tex", "Any divisor."),
            ("data/sample/1.in", "12"), ("data/sample/1.ans", "4"), ("submissions/accepted/a.py", "print(3)"),
            ("output_validators/v.py", """
                import os, sys
                from pathlib import Path
                n, folder = int(Path(sys.argv[1]).read_text()), Path(sys.argv[3])
                assert os.path.isdir(sys.argv[3]) and os.path.getsize(sys.argv[2]) == 1
                (folder / 'judgemessage.txt').write_text('x')
                d = int(os.read(0, 99))
                sys.exit(0 if d == 1 else 42 if n % d == 0 else 43)
                """)])
            Write(text, "set/divisor/" + path);
        var problem = (await ReadAsync(Path.Combine(folder, "set"))).ToSet()[0];
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.WrongAnswer],
            [await JudgeAsync(problem, "print(3)"), await JudgeAsync(problem, "print(5)"), await JudgeAsync(problem, "print('x')")]);
        var broken = problem with { Checker = problem.Checker!.Replace("else 42", "else 44", StringComparison.Ordinal) };
        var verdict = (await sandboxes.Judge().JudgeAsync("print(3)", broken, broken.AllTests)).Verdicts[0];
        Assert.Equal((VerdictKind.InfrastructureError, "The checker failed: ValueError: the validator ended with 44, which is neither 42 nor 43"), (verdict.Kind, verdict.Error!.Message));
    }

    [Fact]
    public async Task A_Kattis_package_may_speak_another_language_and_its_tests_must_be_texts()
    {
        Write("name: A\n", "set/a/problem.yaml");
        Write("Skriv ut summan.", "set/a/problem_statement/problem.sv.tex");
        Write("1 2\n", "set/a/data/sample/1.in");
        Write("3\n", "set/a/data/sample/1.ans");
        var reading = await ReadAsync(Path.Combine(folder, "set"));
        Assert.Equal("Skriv ut summan.", reading.ToSet()["a"].Statement);
        var input = Path.Combine(folder, "set", "a", "data", "sample", "1.in");
        File.WriteAllBytes(input, [(byte)'h', 0xE9, (byte)'j']);
        Assert.Contains("1.in: not UTF-8", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "set")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type: [pass-fail, interactive]\n")]
    [InlineData("type:\n  - pass-fail\n  - multi-pass\n")]
    [InlineData("type: submit-answer\n")]
    public async Task A_Kattis_package_since_2023_says_by_its_type_what_cannot_be_judged(string type)
    {
        Write("problem_format_version: 2023-07-draft\nname: I\n" + type, "i/problem.yaml");
        Assert.Equal("type", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "i")))).Field);
    }

    [Fact]
    public async Task A_Kattis_package_since_2023_need_not_announce_its_validator()
    {
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "problem_format_version: 2023-07-draft\nname: D\ntype: pass-fail\n"), ("statement/problem.en.md", "Any divisor."),
            ("data/sample/1.in", "12"), ("data/sample/1.ans", "0"), ("data/secret/test_group.yaml", "output_validator_args: [above, 1]\n"), ("submissions/accepted/a.py", "print(3)"),
            ("output_validator/v.py", "import sys\nn=int(open(sys.argv[1]).read())\nd=int(sys.stdin.read())\nsys.exit(42 if n%d==0 and sys.argv[4:]==['above','1'] and d>1 else 43)")])
            Write(text, "d/" + path);
        var (reading, result) = await ValidateAsync(Path.Combine(folder, "d"));
        Assert.Equal((1, 1), (result.Problems, result.Accepted));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(reading.ToSet()["d"], "print(1)"));
        File.Delete(Path.Combine(folder, "d", "output_validator", "v.py"));
        Directory.Delete(Path.Combine(folder, "d", "output_validator"));
        Write("output_validator_args: [float_tolerance, 1e-1]\n", "d/data/secret/test_group.yaml");
        Assert.Equal(new Tolerance(0.1, 0.1), (await ReadAsync(Path.Combine(folder, "d"))).ToSet()["d"].Tolerance);
    }

    [Theory]
    [InlineData("data/secret/g1/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", null)]
    [InlineData("data/sample/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", "data/sample/1.in")]
    [InlineData("data/secret/g1/1.yaml", "output_validator_args: float_tolerance 1e-2\n", null)]
    [InlineData("data/secret/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", null)]
    [InlineData("data/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", null)]
    public async Task The_flags_of_a_Kattis_package_are_its_tests_own(string place, string flags, string? fault)
    {
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "name: D\n"), ("problem_statement/problem.en.tex", "Halve."), ("data/sample/1.in", "1"), ("data/sample/1.ans", "0.5"),
            ("data/secret/g1/1.in", "3"), ("data/secret/g1/1.ans", "1.5"), (place, flags)])
            Write(text, "d/" + path);
        if (fault is null)
            Assert.Equal(new Tolerance(0.01, 0.01), (await ReadAsync(Path.Combine(folder, "d"))).ToSet()[0].Tolerance);
        else
            Assert.EndsWith(fault, (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "d")))).File, StringComparison.Ordinal);
        Write("4", "d/data/secret/g2/1.in");
        Write("2", "d/data/secret/g2/1.ans");
        Write("output_validator_flags: case_sensitive\n", "d/data/secret/g2/testdata.yaml");
        Assert.EndsWith("g2/1.in", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "d")))).File, StringComparison.Ordinal);
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
        var reading = await ReadAsync(Path.Combine(folder, "apps"));
        Assert.Equal(("apps", 2, "0001"), (reading.Format, reading.Records, reading.Problems[0].Problem.Id));
        Assert.Equal("input_output.json", Assert.Single(reading.Faults).Field);
    }

    [Fact]
    public async Task A_JSON_array_is_read_and_its_faults_have_lines()
    {
        var reading = await ReadAsync(Write($"[\n{Mbpp.Trim()},\n\n{{\"task_id\": 9, \"code\": \"def g(): pass\", \"text\": \"t\", \"test_list\": [\"assert f() == 1\"]}},\n3]", "p.json"));
        Assert.Equal(3, reading.Records);
        Assert.Equal([(4, "9", "test_list[0]"), (5, "", "(line)")], reading.Faults.Select(f => (f.Line, f.Problem, f.Field)));
    }

    [Fact]
    public async Task A_JSON_array_may_hold_floats_as_Python_writes_them_and_begin_after_blank_lines()
    {
        var lines = Plus.Trim().Split('\n');
        var reading = await ReadAsync(Write($"\n\n[{lines[0].Replace("\"plus_input\": [", "\"plus_input\": [[Infinity], ", StringComparison.Ordinal)},\n{string.Join(",\n", lines[1..])},\n3]", "p.json"), "evalplus");
        Assert.Equal(lines.Length + 1, reading.Records);
        Assert.Equal(3 + lines.Length, reading.Faults[^1].Line);
    }

    [Theory]
    [InlineData("import sys\ndef f(x):\n    sys.__stdout__.write('x')\n    return x")]
    [InlineData("import os\ndef f(x):\n    os.write(1, b'[]')\n    return x")]
    public async Task A_reference_that_writes_past_its_standard_output_is_a_fault_of_its_row(string reference)
    {
        var record = JsonSerializer.Serialize(new { task_id = 77, text = "Give it back.", code = reference, test_list = new[] { "assert f(1) == 1" } });
        var reading = await ReadAsync(Write($"{record}\n{Mbpp.Trim()}\n"));
        Assert.Equal((2, 1), (reading.Records, reading.Problems.Length));
        Assert.Contains("past sys.stdout", Assert.Single(reading.Faults).Reason);
    }

    [Fact]
    public async Task Test_code_that_takes_longer_than_a_checker_has_is_a_fault()
    {
        var record = JsonSerializer.Serialize(new
        {
            task_id = "T/9", prompt = "def f(n):\n", entry_point = "f", canonical_solution = "    return n + 0.5\n",
            test = "def check(candidate):\n    for i in range(6):\n        s = 0\n        for k in range(40_000_000): s += k\n        assert abs(candidate(i) - i - 0.5) < 1e-3\n"
        });
        Assert.Contains("its test code computes for", Assert.Single((await ReadAsync(Write(record))).Faults).Reason);
    }

    // Else the reference itself, or every program, would be judged wrong, or any right that returns the same.
    [Theory]
    [InlineData("def f(x):\n    x.append(1)\n    return x", "a = [0]\nf(a)\nassert a == [0, 1]")]
    [InlineData("def f(x):\n    if x < 0: raise ValueError\n    return x", "assert f(1) == 1\ntry:\n    f(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError")]
    [InlineData("seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)", "assert f(1) == 1\nassert f(1) == 2")]
    [InlineData("def f(x):\n    print(x)", "import contextlib, io\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f(1)\nassert out.getvalue() == '1\\n'")]
    [InlineData("from decimal import Decimal\ndef f(x): return Decimal(x) / 10", "assert f(1) == __import__('decimal').Decimal('0.1')")]
    [InlineData("def f(x): return lambda y: x + y", "assert f(1)(2) == 3")]
    public async Task Tests_that_ask_for_more_than_a_value_are_a_fault_of_their_row(string reference, string test)
    {
        var record = JsonSerializer.Serialize(new { task_id = 77, text = "-", code = reference, test_list = new[] { test } });
        Assert.Contains("ask for more than the value", Assert.Single((await ReadAsync(Write($"{record}\n{Mbpp.Trim()}\n"))).Faults).Reason);
    }

    [Theory]
    [InlineData("import random\ndef f(x): return {frozenset([x]): {(x, frozenset())}}", "import random\nx = random.random()\nassert f(x) == {frozenset([x]): {(x, frozenset())}}")]
    [InlineData("def f(x): return iter([x, x])", "assert list(f(1)) == [1, 1] and list(f(1)) == [1, 1]")]
    [InlineData("def f(x): return 1 / x", "assert f(1) == 1\ntry:\n    f(0)\nexcept ZeroDivisionError:\n    pass")]
    public async Task Tests_that_hold_for_the_recorded_values_are_no_fault(string reference, string test)
    {
        var record = JsonSerializer.Serialize(new { task_id = 77, text = "-", code = reference, test_list = new[] { test } });
        var (reading, result) = await ValidateAsync(Write(record));
        Assert.Empty(reading.Faults);
        Assert.Empty(result.Faults);
    }

    [Theory]
    [InlineData("lambda: x")]
    [InlineData("[float('nan')] * 250_000")]
    public async Task A_value_of_EvalPlus_that_does_not_cross_is_a_fault_of_its_row(string value)
    {
        var record = JsonSerializer.Serialize(new { task_id = "x/1", prompt = "", entry_point = "f", canonical_solution = $"def f(x): return {value}\n", base_input = new[] { new[] { 1 } }, plus_input = Array.Empty<int>(), atol = 0 });
        Assert.Contains("no program can be compared with", Assert.Single((await ReadAsync(Write($"{record}\n{Plus.Trim()}\n"))).Faults).Reason);
    }

    [Theory]
    [InlineData("""{"id":"\ud800","statement":"-","public_tests":[]}""")]
    [InlineData("""{"id":"a","\ud800":1,"statement":"-","public_tests":[{"input":"1","output":"1"}],"private_tests":[{"input":"1","output":"1"}]}""")]
    public async Task Half_of_a_surrogate_pair_is_a_fault_of_its_row(string record)
    {
        var right = """{"id":"b","statement":"-","public_tests":[{"input":"1","output":"1"}],"private_tests":[{"input":"1","output":"1"}],"reference":"print(1)"}""";
        var reading = await ReadAsync(Write($"{right}\n{record}\n"));
        Assert.Equal((2, 1), (reading.Records, reading.Problems.Length));
        Assert.Equal(2, Assert.Single(reading.Faults).Line);
    }

    [Fact]
    public async Task A_reference_finds_its_own_classes_by_name()
    {
        var record = JsonSerializer.Serialize(new { task_id = 78, text = "Give it back.", code = "import pickle\nclass A:\n    def __init__(self, x): self.x = x\ndef f(n): return pickle.loads(pickle.dumps(A(n))).x", test_list = new[] { "assert f(1) == 1" } });
        Assert.Empty((await ReadAsync(Write(record))).Faults);
    }

    [Fact]
    public async Task Faulty_rows_are_told_one_by_one_and_the_others_kept()
    {
        var wrong = HumanEval.Replace("T/0", "T/1").Replace("return a + b", "return a * b");
        var endless = HumanEval.Replace("T/0", "T/2").Replace("return a + b", "raise SystemExit");
        var reading = await ReadAsync(Write($"{HumanEval}\n{wrong}\nno json\n{{\"task_id\":\"T/3\"}}\n{HumanEval}\n{endless}\n[]"));
        Assert.Equal((7, 3, 1), (reading.Records, reading.References, reading.Problems.Length));
        Assert.Equal([(2, "T/1", "reference"), (3, "", "(line)"), (4, "T/3", "prompt"), (5, "T/0", "id"), (6, "T/2", "reference"), (7, "", "(line)")],
            reading.Faults.Select(f => (f.Line, f.Problem, f.Field)));
        Assert.Contains("the reference fails the tests of its own set", reading.Faults[0].Reason);
        Assert.Contains("line 1 already", reading.Faults[3].Reason);
        Assert.Throws<ProblemFormatException>(() => reading.ToSet());
    }

    [Fact]
    public async Task Fields_that_are_missing_or_of_another_type_are_faults_of_their_rows()
    {
        var plus = await ReadAsync(Write(Plus + "\n" + """{"task_id":"x","prompt":"","entry_point":"f","canonical_solution":"def f(x): return x","plus_input":[]}"""), "evalplus");
        Assert.Equal((4, "x", "base_input"), plus.Faults.Select(f => (f.Line, f.Problem, f.Field)).Single());
        var apps = await ReadAsync(Write(Apps + "\n" + """{"problem_id":3,"question":"-","input_output":{"fn_name":3,"inputs":[[1]],"outputs":[1]}}"""));
        Assert.Equal((3, "3", "input_output.fn_name"), apps.Faults.Select(f => (f.Line, f.Problem, f.Field)).Single());
        var contests = await ReadAsync(Write("""
            {"name":"b","description":"-","private_tests":[{"input":"1","output":"1"}],"solutions":[{"solution":"1"},{"language":3.5,"solution":"2"},{"language":"python3","solution":"3"}]}
            """), "codecontests");
        Assert.Equal("3", contests.Problems.Single().Problem.Reference);
    }

    [Fact]
    public async Task A_reference_that_needs_a_package_is_told_what_programs_have()
    {
        var fault = (await ReadAsync(Write($"{HumanEval}\n{HumanEval.Replace("T/0", "T/1").Replace("return a + b", "import numpy; return a + b")}"))).Faults.Single();
        Assert.EndsWith("No module named 'numpy': programs in the sandbox have Python's standard library alone.", fault.Reason);
    }

    [Fact]
    public async Task What_is_no_problem_file_is_named()
    {
        var zipped = Zip(string.Concat(Enumerable.Range(0, 2000).Select(i => HumanEval.Replace("T/0", $"T/{i * 7919}") + "\n")));
        var bytes = File.ReadAllBytes(zipped);
        File.WriteAllBytes(zipped, bytes[..(bytes.Length / 2)]);
        Assert.Contains(zipped, (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(zipped))).Message);
        bytes[bytes.Length / 2] ^= 0xff;
        File.WriteAllBytes(zipped, bytes);
        Assert.Contains(zipped, (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(zipped))).Message);
        var named = Write("{}", "x.jsonl.gz");
        Assert.Contains("not gzipped", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(named))).Message);
        Assert.Contains("Parquet", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Write("PAR1\0\0\0\0PAR1", "x.parquet")))).Message);
        Assert.Contains("no known format", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("{\"a\":1}")))).Message);
        Assert.Contains("no problems", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("\n\n")))).Message);
        Assert.Contains("neither", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName))).Message);
        Assert.Contains("humaneval", (await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(Write(HumanEval), "humanevil"))).Message);
        // A named format is believed, and its faults are of that format.
        Assert.Equal("test_list", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("{\"task_id\":1,\"code\":\"\"}"), "mbpp"))).Field);
        await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(Path.Combine(folder, "nowhere")));
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
