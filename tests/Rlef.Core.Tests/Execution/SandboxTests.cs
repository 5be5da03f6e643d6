using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

/// <summary>What every sandbox has to do alike: the same table of verdicts, the same errors, nothing left behind.</summary>
public abstract partial class SandboxTests
{
    protected static readonly Problem Sum = new()
    {
        Id = "sum",
        Statement = "Add two numbers.",
        PublicTests = [new("3 4\n", "7\n")],
        PrivateTests = [new("1 1\n", "2\n"), new("5 6\n", "11\n")],
        Limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(0.6), Wall = TimeSpan.FromSeconds(10) },
    };

    /// <summary>The shared sandbox, or a skip with the reason.</summary>
    protected abstract ISandbox Shared { get; }

    Judge Judge(Isolation isolation = Isolation.PerProgram) => new(Shared, isolation);

    /// <summary>What this sandbox says of a row, where it differs from the others.</summary>
    protected virtual VerdictKind Expected(string name, VerdictKind expected) => expected;

    /// <summary>Whether the main thread's stack ends where a limit of its own says.</summary>
    protected virtual bool LimitsStack => true;

    [Theory]
    [MemberData(nameof(VerdictTable.Rows), MemberType = typeof(VerdictTable))]
    [MemberData(nameof(VerdictTable.Attacks), MemberType = typeof(VerdictTable))]
    public async Task Judges_each_program_of_the_table(string name, string program, VerdictKind expected)
    {
        // Those that sleep are not waited for longer than it takes.
        var problem = expected == VerdictKind.TimeLimit ? Sum with { Limits = Sum.Limits! with { Wall = TimeSpan.FromSeconds(3) } } : Sum;
        var judgement = await Judge(Isolation.PerTest).JudgeAsync(program, problem, Sum.PublicTests);
        Assert.True(Expected(name, expected) == judgement.Kind, $"{name}: {judgement.Kind}, {judgement.Verdicts[0].Error?.Traceback}, '{judgement.Verdicts[0].Output}'");
        // Whatever a program did, the next honest one is judged rightly.
        // As many at once as there are workers, so that the one that ran the program is asked.
        var after = await Task.WhenAll(Enumerable.Range(0, Sandbox.DefaultWorkers).Select(_ => Judge(Isolation.PerTest).JudgeAsync("print(sum(map(int,input().split())))", Sum, Sum.PublicTests)));
        Assert.All(after, a => Assert.Equal(VerdictKind.Accepted, a.Kind));
    }

    [Theory]
    [MemberData(nameof(VerdictTable.Rows), MemberType = typeof(VerdictTable))]
    public async Task One_process_for_a_program_judges_alike(string name, string program, VerdictKind expected)
    {
        var twice = Sum.PublicTests.AddRange(Sum.PublicTests);
        var judgement = await Judge(Isolation.PerProgram).JudgeAsync(program, Sum, twice);
        Assert.True(Expected(name, expected) == judgement.Kind, $"{name}: {judgement.Kind}");
    }

    [Theory]
    [InlineData("import os\nf=os.open('/dev/stdin',os.O_RDONLY)\nprint(sum(map(int,os.read(f,99).split())))")]
    [InlineData("import sys\nf=[open(0,closefd=False) for _ in range(5)]\ndef g(): return f\nif len(sys.argv)>1: raise ValueError\nprint(sum(map(int,f[0].read().split())))")]
    [InlineData("import asyncio\nasync def main(): print(sum(map(int,input().split())))\nasyncio.new_event_loop().run_until_complete(main())")]
    [InlineData("import asyncio\nloop=asyncio.new_event_loop()\nasyncio.set_event_loop(loop)\nasync def main(): print(sum(map(int,input().split())))\nasyncio.get_event_loop().run_until_complete(main())")]
    public async Task A_process_for_all_tests_has_room_for_files_in_each(string program)
    {
        var many = Enumerable.Repeat(Sum.PublicTests[0], 40).ToImmutableArray();
        var judgement = await Judge(Isolation.PerProgram).JudgeAsync(program, Sum, many);
        Assert.True(judgement.Accepted, $"{judgement.Verdicts.Count(v => v.Kind == VerdictKind.Accepted)} of 40: {judgement.Verdicts.FirstOrDefault(v => v.Kind != VerdictKind.Accepted)?.Error?.Traceback}");
    }

    [Fact]
    public async Task What_an_error_leaves_takes_no_room_from_the_next_test()
    {
        var program = "def solve(n): return 100//n\ntable=bytearray(120_000_000)\nf=open(0)\nprint(solve(int(input())))";
        TestCase[] tests = [new("0", ""), new("5", "20"), new("0", ""), new("0", ""), new("4", "25")];
        // Some machines take half a second to clear so much memory.
        var patient = Sum with { Limits = Sum.Limits! with { Cpu = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromSeconds(60) } };
        var judgement = await Judge(Isolation.PerProgram).JudgeAsync(program, patient, [.. tests]);
        Assert.Equal([VerdictKind.RuntimeError, VerdictKind.Accepted, VerdictKind.RuntimeError, VerdictKind.RuntimeError, VerdictKind.Accepted], judgement.Verdicts.Select(v => v.Kind));
        Assert.All(judgement.Verdicts.Where(v => v.Kind != VerdictKind.Accepted), v => Assert.Equal("ZeroDivisionError", v.Error?.Type));
    }

    [Fact]
    public async Task What_is_printed_after_an_error_is_not_printed_in_the_next_test()
    {
        var program = "import atexit\natexit.register(lambda: print('late'))\nclass A:\n    def __del__(self): print('bye')\na=A()\nprint(100//int(input()))";
        var judgement = await Judge(Isolation.PerProgram).JudgeAsync(program, Sum, [new("1", "100 late bye"), new("0", ""), new("5", "20 late bye"), new("0", ""), new("4", "25 late bye")]);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.RuntimeError, VerdictKind.Accepted, VerdictKind.RuntimeError, VerdictKind.Accepted], judgement.Verdicts.Select(v => v.Kind));
    }

    [Theory]
    [InlineData("import builtins,sys\nit=iter(sys.stdin.read().split())\nbuiltins.input=lambda: next(it)\nprint(int(input())+int(input()))")]
    [InlineData("import builtins\nassert builtins.pow(2,5,7)==4\nbuiltins.two=2\ndel builtins.two\ntry: two\nexcept NameError: print(sum(map(int,input().split())))")]
    [InlineData("import builtins\nassert builtins.len is len and builtins.sorted([2,1])==[1,2]\nprint(sum(map(int,input().split())))")]
    public async Task What_a_program_changes_of_the_built_in_names_it_finds(string program)
    {
        foreach (var preamble in (string?[])[null, Names])
            foreach (var isolation in Enum.GetValues<Isolation>())
                Assert.True((await Judge(isolation).JudgeAsync(program, Sum with { Preamble = preamble }, [.. Sum.PublicTests, .. Sum.PublicTests])).Accepted);
    }

    [Fact]
    public async Task Tests_are_judged_in_order_and_may_stop_early()
    {
        var judgement = await Judge().JudgeAsync("print(7)", Sum, Sum.PublicTests.AddRange(Sum.PrivateTests), stopAtFirstFailure: true);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer], judgement.Verdicts.Select(v => v.Kind));
        Assert.False(judgement.Accepted);
    }

    [Theory]
    [InlineData(Isolation.PerTest)]
    [InlineData(Isolation.PerProgram)]
    public async Task Tests_after_the_one_that_decides_are_not_run(Isolation isolation)
    {
        // Were they run, each would take an hour, which is allowed.
        var limits = Limits.Default with { Wall = TimeSpan.FromHours(1) };
        var program = "import time\nn=int(input())\nif n>1: time.sleep(3600)\nprint(n)";
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var request = new ExecutionRequest(program, ["0", "1", "2", "3"], null, limits, isolation) { StopAfter = (_, result) => result.Output == "1\n" };
        var results = await Shared.RunAsync(request, guard.Token);
        Assert.Equal(["0\n", "1\n"], results.Select(r => r.Output));
        // The worker goes on with the next job.
        Assert.Equal(VerdictKind.Accepted, (await Judge(isolation).JudgeAsync("print(7)", Sum, Sum.PublicTests)).Kind);
    }

    [Fact]
    public async Task A_stop_at_the_last_result_leaves_the_worker_as_it_was()
    {
        for (var i = 0; i < 50; i++)
        {
            var request = new ExecutionRequest("print(input())", ["0", "1", "2"], null, Limits.Default, Isolation.PerProgram) { StopAfter = (n, _) => n == i % 3 };
            Assert.Equal(Enumerable.Range(0, i % 3 + 1).Select(n => $"{n}\n"), (await Shared.RunAsync(request)).Select(r => r.Output));
        }
    }

    [Fact]
    public async Task All_tests_are_run_unless_asked_otherwise()
    {
        var tests = Sum.PublicTests.AddRange(Sum.PrivateTests);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.WrongAnswer], (await Judge().JudgeAsync("print(7)", Sum, tests)).Verdicts.Select(v => v.Kind));
    }

    [Fact]
    public async Task An_error_names_type_line_and_traceback()
    {
        var verdict = (await Judge().JudgeAsync("x=1\ndef f():\n    return int('a')\nf()", Sum, Sum.PublicTests)).Verdicts[0];
        Assert.Equal(("ValueError", 3), (verdict.Error!.Type, verdict.Error.Line!.Value));
        Assert.StartsWith("Traceback (most recent call last):\n  File \"solution.py\", line 4, in <module>\n    f()\n", verdict.Error.Traceback);
        Assert.EndsWith("ValueError: invalid literal for int() with base 10: 'a'", verdict.Error.Traceback);
    }
}
