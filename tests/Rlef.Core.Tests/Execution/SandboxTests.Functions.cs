using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

// Programs whose functions are called.
public abstract partial class SandboxTests
{
    [Theory]
    [InlineData("def f(a,b): return a+b", VerdictKind.Accepted)]
    [InlineData("def f(a,b): return float(a+b)", VerdictKind.Accepted)]
    [InlineData("def f(a,b): return str(a+b)", VerdictKind.WrongAnswer)]
    [InlineData("def f(a,b): pass", VerdictKind.WrongAnswer)]
    [InlineData("class A(int):\n    def __eq__(s,o): return True\ndef f(a,b): return A(7)", VerdictKind.WrongAnswer)]
    [InlineData("def g(a,b): return a+b", VerdictKind.RuntimeError)]
    [InlineData("import sys\ndef f(a,b): sys.exit(0)", VerdictKind.RuntimeError)]
    public async Task Functions_are_called_and_their_values_compared_outside(string program, VerdictKind expected)
    {
        var problem = Sum with { EntryPoint = "f", Comparison = Comparison.Value, PublicTests = [new("[3, 4]", "7"), new("[1, 1]", "2")] };
        Assert.Equal(expected, (await Judge().JudgeAsync(program, problem, problem.PublicTests)).Kind);
    }

    const string Names = "from math import *\nfrom heapq import *\nfrom itertools import *\nfrom typing import *";

    // Names that a format imports for a program are not the program's own.
    [Theory]
    [InlineData("gcd", null, "", VerdictKind.RuntimeError)]
    [InlineData("gcd", null, "# nothing yet", VerdictKind.RuntimeError)]
    [InlineData("gcd", "Solution", "class Solution: pass", VerdictKind.RuntimeError)]
    [InlineData("gcd", null, "from math import gcd", VerdictKind.Accepted)]
    [InlineData("gcd", null, "def gcd(a,b): return gcd(b,a%b) if b else a", VerdictKind.Accepted)]
    [InlineData("gcd", "Solution", "class Solution:\n    def gcd(self,a:int,b:Optional[int])->int: return gcd(a,b)", VerdictKind.Accepted)]
    [InlineData("gcd", null, "class Solution:\n    def gcd(self,a,b): return gcd(a,b)", VerdictKind.Accepted)]
    [InlineData("merge", "Solution", "class Solution:\n    def merge(self,a,b): return min(a,b)//2 if list(merge([1],[2]))==[1,2] else 0", VerdictKind.Accepted)]
    [InlineData("count", "Solution", "def count(a,b): return 9\nclass Solution:\n    def count(self,a,b): return count(a,b)//3*2-(a>b)*3", VerdictKind.WrongAnswer)]
    [InlineData("solve", "Solution", "def solve(a,b): return b if not a%b else solve(b,a%b)\nclass Solution:\n    def solve(self,*pair): return solve(*pair)", VerdictKind.Accepted)]
    [InlineData("solve", "Solution", "def solve(a,b): return gcd(a,b)\nclass Solution:\n    def other(self): pass", VerdictKind.Accepted)]
    [InlineData("solve", null, "def solve(a,b): return gcd(a,b)\nclass Solution:\n    def solve(self,a,b): return 0", VerdictKind.Accepted)]
    public async Task Only_what_the_program_itself_names_is_called(string entry, string? owner, string program, VerdictKind expected)
    {
        var problem = Sum with { EntryPoint = entry, EntryClass = owner, Preamble = Names, Comparison = Comparison.Value, PublicTests = [new("[12, 18]", "6"), new("[18, 12]", "6")] };
        Assert.Equal(expected, (await Judge().JudgeAsync(program, problem, problem.PublicTests)).Kind);
    }

    // A program whose function is called is a module like any that is imported.
    [Theory]
    [InlineData("from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\ndef f(n): return A(n).x+1")]
    [InlineData("import pickle\nclass A:\n    def __init__(self,x): self.x=x\ndef f(n): return pickle.loads(pickle.dumps(A(n))).x+1")]
    [InlineData("from typing import *\nclass A:\n    b: 'B'\nclass B: pass\ndef f(n): return n+(get_type_hints(A)['b'] is B)")]
    [InlineData("import sys\ndef f(n): return n+(sys.modules[__name__].f is f and __name__!='__main__' and f.__module__==__name__)")]
    [InlineData("import os\ndef f(n): return n+(os.path.basename(__file__)=='solution.py')")]
    [InlineData("import enum,copy\nclass A(enum.Enum): X=1\ndef f(n): return n+copy.deepcopy(A.X).value")]
    [InlineData("from typing import NamedTuple\nclass A(NamedTuple):\n    x: int\nimport pickle\ndef f(n): return pickle.loads(pickle.dumps(A(n))).x+1")]
    public async Task A_module_is_found_by_its_name(string program)
    {
        foreach (var preamble in (string?[])[null, Names])
        {
            var problem = Sum with { EntryPoint = "f", Preamble = preamble, Comparison = Comparison.Value, PublicTests = [new("[6]", "7"), new("[1]", "2")] };
            var judgement = await Judge().JudgeAsync(program, problem, problem.PublicTests);
            Assert.True(judgement.Accepted, judgement.Verdicts[0].Error?.Traceback ?? judgement.Verdicts[0].Output);
        }
    }

    [Fact]
    public async Task Whole_numbers_have_any_number_of_digits()
    {
        var large = new string('7', 9_000);
        var limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(5), Wall = TimeSpan.FromSeconds(60) };
        var call = Sum with { EntryPoint = "f", Comparison = Comparison.Value, Limits = limits, PublicTests = [new($"[{large}]", large)] };
        Assert.True((await Judge().JudgeAsync("def f(n): return int(str(n))", call, call.PublicTests)).Accepted);
        Assert.False((await Judge().JudgeAsync("def f(n): return n+1", call, call.PublicTests)).Accepted);
        var text = Sum with { Limits = limits, PublicTests = [new(large + "\n", large + "\n")] };
        Assert.True((await Judge().JudgeAsync("print(int(input()))", text, text.PublicTests)).Accepted);
    }
}
