using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

/// <summary>Checkers that decide about outputs, and values on their way out of the sandbox.</summary>
public sealed class CheckerTests(Sandboxes sandboxes)
{
    static readonly Problem Divisor = new()
    {
        Id = "divisor",
        Statement = "Print any divisor of n but 1 and n.",
        PublicTests = [new("12\n", "2\n"), new("35\n", "5\n")],
        PrivateTests = [new("49\n", "7\n")],
        Checker = "def check(input, expected, output):\n    n, d = int(input), int(output)\n    return 1 < d < n and n % d == 0",
    };

    static Problem Call(string input, string output, Comparison comparison = Comparison.Value) => new()
    {
        Id = "f",
        Statement = "f",
        EntryPoint = "f",
        Comparison = comparison,
        PublicTests = [new(input, output)],
        PrivateTests = [new(input, output)],
    };

    async Task<Judgement> JudgeAsync(string program, Problem problem) => await sandboxes.Judge().JudgeAsync(program, problem, problem.AllTests);

    [Theory]
    [InlineData("n=int(input())\nprint(next(d for d in range(2,n) if n%d==0))", VerdictKind.Accepted)]
    [InlineData("n=int(input())\nprint(next(d for d in range(n-1,1,-1) if n%d==0))", VerdictKind.Accepted)]
    [InlineData("print(input())", VerdictKind.WrongAnswer)]
    [InlineData("print('two')", VerdictKind.WrongAnswer)]
    [InlineData("print(1)", VerdictKind.WrongAnswer)]
    // Another's code in the output stays a text.
    [InlineData("print('__import__(\"os\")._exit(0)')", VerdictKind.WrongAnswer)]
    [InlineData("print('2\"], [\"x')", VerdictKind.WrongAnswer)]
    [InlineData("1/0", VerdictKind.RuntimeError)]
    public async Task The_checker_decides_where_outputs_differ(string program, VerdictKind expected) =>
        Assert.Equal(expected, (await JudgeAsync(program, Divisor)).Kind);

    [Fact]
    public async Task A_checker_that_cannot_run_is_no_verdict_on_the_program()
    {
        var broken = await JudgeAsync("print(3)", Divisor with { Checker = "def check(" });
        Assert.Equal(VerdictKind.InfrastructureError, broken.Kind);
        Assert.Contains("checker failed", broken.Verdicts[0].Error!.Message);
        var endless = Divisor with { Checker = "def check(*a):\n    while True: pass", PublicTests = [Divisor.PublicTests[0]], PrivateTests = [] };
        Assert.Equal(VerdictKind.InfrastructureError, (await JudgeAsync("print(3)", endless)).Kind);
    }

    [Theory]
    [InlineData("import nothing_like_it\ndef check(*a): return True", "No module named 'nothing_like_it'")]
    [InlineData("def check(input, expected, output): return judeg(output)", "NameError: name 'judeg' is not defined")]
    [InlineData("def check(output): return True", "takes 1 positional argument but 3 were given")]
    [InlineData("import sys\ndef check(*a): sys.exit(3)", "SystemExit: 3")]
    public async Task A_checker_that_fails_on_the_expected_output_too_is_named(string checker, string error)
    {
        var judgement = await JudgeAsync("print(3)", Divisor with { Checker = checker });
        Assert.All(judgement.Verdicts, v => Assert.Equal(VerdictKind.InfrastructureError, v.Kind));
        Assert.Matches("^The checker failed: .*" + System.Text.RegularExpressions.Regex.Escape(error) + "$", judgement.Verdicts[0].Error!.Message);
    }

    [Fact]
    public async Task A_set_whose_checker_refuses_the_expected_output_is_told_so()
    {
        var problem = Divisor with { Comparison = Comparison.Checker, Checker = "def check(*a): return False", Reference = "print({12: 2, 35: 5, 49: 7}[int(input())])" };
        var result = await ProblemSetValidator.ValidateAsync(new ProblemSet("set", [problem]), sandboxes.Judge(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("WrongAnswer on public_tests[0]: it printed '2', as expected, and the checker refused it", Assert.Single(result.Faults).What);
    }

    [Theory]
    [InlineData("import os\ndef check(*a): os._exit(0)")]
    [InlineData("import os\ndef check(*a): os.kill(os.getpid(), 9)")]
    [InlineData("import ctypes\ndef check(*a): ctypes.string_at(0)")]
    public async Task A_checker_whose_process_ended_has_said_nothing(string checker)
    {
        var judgement = await JudgeAsync("print(3)", Divisor with { Checker = checker });
        Assert.All(judgement.Verdicts, v => Assert.Equal(VerdictKind.InfrastructureError, v.Kind));
    }

    // A program that could make its checker fail would have its episodes masked instead of punished.
    [Theory]
    [InlineData("def check(i, e, o): return 'x' * int(o) * (int(i) % int(o) == 0) > 'x'", 1L << 60)]
    [InlineData("import ctypes\ndef check(i, e, o): return int(o) < 99 and int(i) % int(o) == 0 or ctypes.string_at(0)", 99)]
    [InlineData("import os\ndef check(i, e, o): return int(o) < 99 and int(i) % int(o) == 0 or os._exit(0)", 99)]
    public async Task An_output_that_overwhelms_a_working_checker_is_wrong(string checker, long output)
    {
        var judgement = await JudgeAsync($"n=int(input())\nprint({{12: 6, 35: {output}, 49: 7}}[n])", Divisor with { Checker = checker });
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.Accepted], judgement.Verdicts.Select(v => v.Kind));
    }

    [Theory]
    [InlineData("True", VerdictKind.Accepted)]
    [InlineData("1", VerdictKind.Accepted)]
    [InlineData("0.5", VerdictKind.Accepted)]
    [InlineData("False", VerdictKind.WrongAnswer)]
    [InlineData("0", VerdictKind.WrongAnswer)]
    [InlineData("int(a[2]) == 4 or None", VerdictKind.InfrastructureError)]
    [InlineData("int(a[1]) == int(a[2]) or None", VerdictKind.WrongAnswer)]
    [InlineData("'yes'", VerdictKind.InfrastructureError)]
    [InlineData("object()", VerdictKind.InfrastructureError)]
    public async Task Truth_values_and_numbers_are_answers_of_a_checker(string answer, VerdictKind expected)
    {
        var judgement = await JudgeAsync("print(3)", Divisor with { Checker = $"def check(*a): return {answer}" });
        Assert.Equal(expected, judgement.Kind);
        if (expected == VerdictKind.InfrastructureError)
            Assert.Matches("^The checker returned .* where True or False is due.$", judgement.Verdicts[0].Error!.Message);
    }

    [Theory]
    [InlineData("print(3)", VerdictKind.WrongAnswer)]
    [InlineData("print({12: 3, 35: 7, 49: 7}[int(input())])", VerdictKind.Accepted)]
    public async Task A_checker_may_answer_by_how_its_process_ends(string program, VerdictKind expected) => Assert.Equal(expected,
        (await JudgeAsync(program, Divisor with { Checker = "import os\ndef check(i, e, o):\n    try: os._exit(43 if int(i) % int(o) else 42)\n    except: os._exit(41)" })).Kind);

    [Fact]
    public async Task A_checker_alone_may_refuse_even_the_expected_output() =>
        Assert.Equal(VerdictKind.WrongAnswer, (await JudgeAsync("print(2 if input()=='12' else 5)",
            Divisor with { Comparison = Comparison.Checker, Checker = "def check(*a): return False" })).Kind);

    [Fact]
    public async Task Judging_may_stop_at_the_first_output_that_the_checker_refuses()
    {
        var judgement = await sandboxes.Judge().JudgeAsync("print({12: 3, 35: 6, 49: 7}[int(input())])", Divisor, Divisor.AllTests, stopAtFirstFailure: true);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer], judgement.Verdicts.Select(v => v.Kind));
        var right = await sandboxes.Judge().JudgeAsync("print({12: 6, 35: 7, 49: 7}[int(input())])", Divisor, Divisor.AllTests, stopAtFirstFailure: true);
        Assert.True(right.Accepted);
    }

    [Theory]
    [InlineData("def f(x): return (x, [x, {x}], {x: None}, frozenset([x]))", "{\"__tuple__\": [1, [1, {\"__set__\": [1]}], {\"__dict__\": [[1, null]]}, {\"__set__\": [1]}]}")]
    [InlineData("def f(x): return [float('nan'), -float('inf'), 1e300, -0.0]", "[{\"__float__\": \"nan\"}, {\"__float__\": \"-inf\"}, 1e+300, -0.0]")]
    [InlineData("def f(x): return 2j, b'\\xff', 'é'", "{\"__tuple__\": [{\"__complex__\": [0.0, 2.0]}, {\"__bytes__\": \"\\u00ff\"}, \"\\u00e9\"]}")]
    [InlineData("from collections import *\ndef f(x): return [Counter('aa'), OrderedDict(b=1), defaultdict(int)]", "[{\"__dict__\": [[\"a\", 2]]}, {\"__dict__\": [[\"b\", 1]]}, {\"__dict__\": []}]")]
    [InlineData("def f(x): return [range(2), iter([]), f, object]", "[{\"__range__\": [2, 0, 1]}, {\"__opaque__\": \"list_iterator\"}, {\"__opaque__\": \"function\"}, {\"__opaque__\": \"type\"}]")]
    [InlineData("def f(x): return ''.join(map(chr, range(126, 129)))", "\"~\\u007f\\u0080\"")]
    // Of a derived class what the type itself holds, whatever the class says.
    [InlineData("class A(str):\n    def __eq__(s,o): return True\n    def __str__(s): return '8'\ndef f(x): return A('7')", "\"7\"")]
    [InlineData("class A(dict):\n    def items(s): return [(1,1)]\ndef f(x): return A(a=2)", "{\"__dict__\": [[\"a\", 2]]}")]
    [InlineData("class A(list):\n    def __iter__(s): return iter([8])\n    def __len__(s): return 1\ndef f(x): return [A([7, A()]), type('B', (set,), {})([7])]", "[[7, []], {\"__set__\": [7]}]")]
    [InlineData("import enum\nfrom collections import namedtuple\nC = enum.IntEnum('C', 'A B')\ndef f(x): return namedtuple('P', 'x y')(C.B, type('F', (float,), {})(.5))", "{\"__tuple__\": [2, 0.5]}")]
    [InlineData("class A:\n    __class__ = int\n    def __int__(s): return 7\ndef f(x): return A()", "{\"__opaque__\": \"A\"}")]
    // Fractions and decimals are the number that they equal, if there is one, or else themselves.
    [InlineData("from fractions import Fraction as F\nfrom decimal import Decimal as D\ndef f(x): return [F(6, 2), F(1, 4), F(1, 3), D('7.5'), D('0.1'), D('inf'), D('nan')]",
        "[3, 0.25, {\"__fraction__\": [1, 3]}, 7.5, {\"__decimal__\": [\"0.1\", 1, 10]}, {\"__float__\": \"inf\"}, {\"__float__\": \"nan\"}]")]
    // What holds itself equals nothing.
    [InlineData("def f(x):\n    a = []\n    a.append(a)\n    return a", "{\"__opaque__\": \"list\"}")]
    // However deep a program says that it may go.
    [InlineData("import sys\nsys.setrecursionlimit(2**31 - 1)\ndef f(x): return x", "1")]
    public async Task Values_leave_the_sandbox_by_content_and_exact_type(string program, string encoded) =>
        Assert.Equal(encoded, (await JudgeAsync(program, Call("[1]", "0"))).Verdicts[0].Output);

    [Theory]
    [InlineData("def check(")]
    [InlineData("x = 1")]
    public async Task A_checker_that_does_not_work_is_a_fault_of_its_own(string checker)
    {
        var result = await ProblemSetValidator.ValidateAsync(new("p", [Divisor with { Checker = checker, Comparison = Comparison.Checker, Reference = null }]), sandboxes.Judge());
        Assert.Equal(("checker", 0), (Assert.Single(result.Faults).Field, result.EmptyRejected));
    }

    [Fact]
    public async Task Huge_integers_are_judged() =>
        Assert.Equal(VerdictKind.Accepted, (await JudgeAsync("def f(n): return 10**n", Call("[5000]", $"1{new string('0', 5000)}"))).Kind);

    // However large a value is, what is compared is the value: in a list, a tuple or a dict, with numbers that are near, and by whichever rule.
    [Theory]
    [InlineData("list(range(n))", Comparison.Value)]
    [InlineData("tuple(range(n))", Comparison.LiveCodeBench)]
    [InlineData("[i + 1e-9 for i in range(n)]", Comparison.Value)]
    [InlineData("[True if i == 1 else i for i in range(n)]", Comparison.Apps)]
    public async Task Large_values_are_judged_by_what_they_are(string value, Comparison comparison)
    {
        const int length = 300_000;
        var limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(20), Wall = TimeSpan.FromSeconds(60), MemoryBytes = 1L << 30 };
        var items = string.Join(',', Enumerable.Range(0, length));
        foreach (var (right, wrong, expected) in ((string, string, string)[])
            [(value, $"{value}[:-1]", $"[{items}]"), ($"[[1], {{'a': {value}}}]", $"[[1], {{'a': {value}, 'b': 1}}]", $"[[1],{{\"a\":[{items}]}}]")])
        {
            var problem = Call($"[{length}]", expected, comparison) with { Limits = limits, Tolerance = comparison == Comparison.Value ? Tolerance.Default : null };
            Assert.Equal(VerdictKind.Accepted, (await JudgeAsync($"def f(n): return {right}", problem)).Kind);
            Assert.Equal(VerdictKind.WrongAnswer, (await JudgeAsync($"def f(n): return {wrong}", problem)).Kind);
        }
    }

    // Recorded values are not kept in full where they are very large. Equal ones share their digest all the same, as far as Python's equality goes.
    [Theory]
    [InlineData("list(range(n))", "[float(i) if i % 2 else i for i in range(n)]", true)]
    [InlineData("list(range(n))", "[i == 1 or i for i in range(n)]", true)]
    [InlineData("list(range(n))", "tuple(range(n))", false)]
    [InlineData("list(range(n))", "list(range(n - 1)) + [0]", false)]
    [InlineData("tuple(range(n))", "tuple(map(float, range(n)))", true)]
    [InlineData("{i: {i, -i} for i in range(n)}", "{float(i): {-i, i} for i in reversed(range(n))}", true)]
    [InlineData("{i: {i, -i} for i in range(n)}", "{i: [i, -i] for i in range(n)}", false)]
    [InlineData("'x' * 9 * n", "'x' * (9 * n - 1) + 'y'", false)]
    [InlineData("[range(9)] * n", "[range(0, 9)] * n", true)]
    [InlineData("[range(9)] * n", "[range(8)] * n", false)]
    public async Task Recorded_values_that_are_very_large_are_compared_by_digest(string reference, string value, bool equal)
    {
        const int length = 250_000;
        var folder = Directory.CreateTempSubdirectory("rlef-digest-");
        try
        {
            var path = Path.Combine(folder.FullName, "p.jsonl");
            var record = new JsonObject
            {
                ["task_id"] = $"x/{reference}",
                ["prompt"] = "",
                ["entry_point"] = "f",
                ["canonical_solution"] = $"def f(n): return {reference}\n",
                ["base_input"] = new JsonArray(new JsonArray(length)),
                ["plus_input"] = new JsonArray(),
                ["atol"] = 0,
            };
            await File.WriteAllTextAsync(path, record.ToJsonString());
            var problem = (await ProblemReader.ReadAsync(path, sandboxes.Local)).ToSet()[0];
            Assert.True(problem.AllTests[0].Output.Length < 200);
            Assert.Equal(equal, (await JudgeAsync($"def f(n): return {value}", problem)).Accepted);
            Assert.Equal(equal || reference != value, (await JudgeAsync($"def f(n): return {reference}", problem)).Accepted);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_output_as_long_as_the_expected_one_is_not_too_long()
    {
        var text = new string('x', 2 * Limits.Default.OutputBytes);
        var problem = Divisor with { PublicTests = [new("", text)], PrivateTests = [new("", text)], Checker = null };
        Assert.True((await JudgeAsync($"print('x' * {text.Length})", problem)).Accepted);
        Assert.Equal(VerdictKind.OutputLimit, (await JudgeAsync($"print('x' * {9 * text.Length})", problem)).Kind);
    }

    [Fact]
    public async Task Arguments_come_in_as_their_own_types_and_objects_as_expressions()
    {
        Assert.True((await JudgeAsync("def f(*a): return str(a)", Call("[{\"__tuple__\": [1]}, {\"__set__\": []}, {\"a\": 1}]", "\"((1,), set(), {'a': 1})\""))).Accepted);
        var node = Call("=f(Node(3))", "3") with { Setup = "root = Node(4)" };
        const string program = "class Node:\n    def __init__(self, v): self.v = v\ndef f(n): return n.v";
        Assert.True((await JudgeAsync(program, node)).Accepted);
        Assert.True((await JudgeAsync(program, node with { PublicTests = [new("=f(root)", "4")], PrivateTests = [new("=f(root)", "4")] })).Accepted);
    }

    [Fact]
    public async Task A_method_of_Solution_and_what_its_format_imports_are_found()
    {
        const string program = "class Solution:\n    def f(self, xs: List[int]) -> int:\n        return Counter(xs).most_common(1)[0][0]";
        Assert.True((await JudgeAsync(program, Call("[[1, 2, 2]]", "2") with { Preamble = "from typing import *\nfrom collections import *" })).Accepted);
        Assert.Equal(VerdictKind.RuntimeError, (await JudgeAsync(program, Call("[[1, 2, 2]]", "2"))).Kind);
    }

    [Theory]
    [InlineData("exit()")]
    [InlineData("quit(0)")]
    [InlineData("import sys\nassert sys.stdin.mode == 'r' and sys.stdout.mode == 'w'")]
    public async Task What_programs_find_in_an_ordinary_interpreter_is_there(string line) =>
        Assert.True((await JudgeAsync("n=int(input())\nprint({12: 2, 35: 5, 49: 7}[n])\n" + line, Divisor)).Accepted);

    [Theory]
    [InlineData("import os, sys\nclass Late:\n    kept = ''\n    def write(s, t): s.kept += t\n    def flush(s): os.write(1, s.kept.encode())\nsys.stdout = Late()\n")]
    [InlineData("import sys, builtins\nprint = lambda x: sys.__stdout__.write(str(x))\n")]
    public async Task Output_that_a_program_keeps_back_until_its_end_counts(string head) =>
        Assert.True((await JudgeAsync(head + "print({12: 2, 35: 5, 49: 7}[int(input())])", Divisor)).Accepted);
}
