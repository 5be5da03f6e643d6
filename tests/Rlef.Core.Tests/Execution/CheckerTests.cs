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
        var endless = Divisor with { Checker = "def check(*a):\n    while True: pass", PublicTests = [Divisor.PublicTests[0]], PrivateTests = [Divisor.PublicTests[0]] };
        Assert.Equal(VerdictKind.InfrastructureError, (await JudgeAsync("print(3)", endless)).Kind);
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

    [Fact]
    public async Task Only_True_accepts()
    {
        foreach (var answer in (string[])["1", "'yes'", "None", "False", "object()"])
            Assert.Equal(VerdictKind.WrongAnswer, (await JudgeAsync("print(3)", Divisor with { Checker = $"def check(*a): return {answer}" })).Kind);
        Assert.True((await JudgeAsync("print(3)", Divisor with { Checker = "def check(*a): return True" })).Accepted);
    }

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
    [InlineData("def f(x): return [range(2), iter([]), f, object]", "[{\"__opaque__\": \"range\"}, {\"__opaque__\": \"list_iterator\"}, {\"__opaque__\": \"function\"}, {\"__opaque__\": \"type\"}]")]
    [InlineData("def f(x): return ''.join(map(chr, range(126, 129)))", "\"~\\u007f\\u0080\"")]
    [InlineData("class A(str):\n    def __eq__(s,o): return True\ndef f(x): return A('7')", "{\"__opaque__\": \"A\"}")]
    [InlineData("class A(dict):\n    def items(s): return [(1,1)]\ndef f(x): return A()", "{\"__opaque__\": \"A\"}")]
    public async Task Values_leave_the_sandbox_by_content_and_exact_type(string program, string encoded) =>
        Assert.Equal(encoded, (await JudgeAsync(program, Call("[1]", "0"))).Verdicts[0].Output);

    [Fact]
    public async Task Huge_integers_and_large_values_are_judged()
    {
        Assert.Equal(VerdictKind.Accepted, (await JudgeAsync("def f(n): return 10**n", Call("[5000]", $"1{new string('0', 5000)}"))).Kind);
        var large = Call("[300000]", "0", Comparison.Exact) with { Limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(20), Wall = TimeSpan.FromSeconds(60), MemoryBytes = 1L << 30 } };
        var digest = (await JudgeAsync("def f(n): return list(range(n))", large)).Verdicts[0].Output;
        Assert.Contains("__digest__", digest);
        Assert.True((await JudgeAsync("def f(n): return [i for i in range(n)]", large with { PublicTests = [new("[300000]", digest)], PrivateTests = [new("[300000]", digest)] })).Accepted);
        Assert.False((await JudgeAsync("def f(n): return list(range(n-1))+[0]", large with { PublicTests = [new("[300000]", digest)], PrivateTests = [new("[300000]", digest)] })).Accepted);
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
