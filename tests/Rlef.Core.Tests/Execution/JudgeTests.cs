using System.Collections.Immutable;
using System.Diagnostics;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

public sealed class JudgeTests(Sandboxes sandboxes)
{
    static readonly Problem Sum = new()
    {
        Id = "sum",
        Statement = "Add two numbers.",
        PublicTests = [new("3 4\n", "7\n")],
        PrivateTests = [new("1 1\n", "2\n"), new("5 6\n", "11\n")],
        Limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(0.6), Wall = TimeSpan.FromSeconds(3) },
    };

    [Theory]
    [MemberData(nameof(VerdictTable.Rows), MemberType = typeof(VerdictTable))]
    [MemberData(nameof(VerdictTable.Attacks), MemberType = typeof(VerdictTable))]
    public async Task Judges_each_program_of_the_table(string name, string program, VerdictKind expected)
    {
        var judgement = await sandboxes.Judge(Isolation.PerTest).JudgeAsync(program, Sum, Sum.PublicTests);
        Assert.True(expected == judgement.Kind, $"{name}: {judgement.Kind}, {judgement.Verdicts[0].Error?.Traceback}, '{judgement.Verdicts[0].Output}'");
        // Whatever a program did, the next honest one is judged rightly.
        var after = await sandboxes.Judge(Isolation.PerTest).JudgeAsync("print(sum(map(int,input().split())))", Sum, Sum.PublicTests);
        Assert.Equal(VerdictKind.Accepted, after.Kind);
    }

    [Theory]
    [MemberData(nameof(VerdictTable.Rows), MemberType = typeof(VerdictTable))]
    public async Task One_process_for_a_program_judges_alike(string name, string program, VerdictKind expected)
    {
        var twice = Sum.PublicTests.AddRange(Sum.PublicTests);
        var judgement = await sandboxes.Judge(Isolation.PerProgram).JudgeAsync(program, Sum, twice);
        Assert.True(expected == judgement.Kind, $"{name}: {judgement.Kind}");
    }

    [Fact]
    public async Task Tests_are_judged_in_order_and_may_stop_early()
    {
        var judgement = await sandboxes.Judge().JudgeAsync("print(7)", Sum, Sum.PublicTests.AddRange(Sum.PrivateTests), stopAtFirstFailure: true);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer], judgement.Verdicts.Select(v => v.Kind));
        Assert.False(judgement.Accepted);
    }

    [Fact]
    public async Task No_tests_prove_nothing() =>
        await Assert.ThrowsAsync<ArgumentException>(() => sandboxes.Judge().JudgeAsync("print(7)", Sum, []));

    [Fact]
    public async Task An_error_names_type_line_and_traceback()
    {
        var verdict = (await sandboxes.Judge().JudgeAsync("x=1\ndef f():\n    return int('a')\nf()", Sum, Sum.PublicTests)).Verdicts[0];
        Assert.Equal(("ValueError", 3), (verdict.Error!.Type, verdict.Error.Line!.Value));
        Assert.StartsWith("Traceback (most recent call last):\n  File \"solution.py\", line 4, in <module>\n    f()\n", verdict.Error.Traceback);
        Assert.EndsWith("ValueError: invalid literal for int() with base 10: 'a'", verdict.Error.Traceback);
    }

    [Theory]
    [InlineData("def f(a,b): return a+b", VerdictKind.Accepted)]
    [InlineData("def f(a,b): return float(a+b)", VerdictKind.Accepted)]
    [InlineData("def f(a,b): return str(a+b)", VerdictKind.WrongAnswer)]
    [InlineData("def f(a,b): pass", VerdictKind.WrongAnswer)]
    [InlineData("class A(int):\n    def __eq__(s,o): return True\ndef f(a,b): return A(8)", VerdictKind.RuntimeError)]
    [InlineData("def g(a,b): return a+b", VerdictKind.RuntimeError)]
    [InlineData("import sys\ndef f(a,b): sys.exit(0)", VerdictKind.RuntimeError)]
    public async Task Functions_are_called_and_their_values_compared_outside(string program, VerdictKind expected)
    {
        var problem = Sum with { EntryPoint = "f", Comparison = Comparison.Value, PublicTests = [new("[3, 4]", "7"), new("[1, 1]", "2")] };
        Assert.Equal(expected, (await sandboxes.Judge().JudgeAsync(program, problem, problem.PublicTests)).Kind);
    }

    [Fact]
    public async Task After_many_programs_no_process_is_left()
    {
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 2 });
        var judge = new Judge(sandbox, Isolation.PerTest);
        var before = Descendants(sandbox).Count;
        string[] programs = ["print(7)", "import os\nos._exit(0)", "1/0", "import os\nos.fork()"];
        await Parallel.ForAsync(0, 400, async (i, stop) => await judge.JudgeAsync(programs[i % programs.Length], Sum, Sum.PublicTests, cancellation: stop));
        Assert.Equal(before, Descendants(sandbox).Count);
    }

    [Fact]
    public async Task A_killed_worker_is_replaced_and_its_job_done_again()
    {
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 1 });
        var judge = new Judge(sandbox, Isolation.PerTest);
        var slow = judge.JudgeAsync("import time\ntime.sleep(0.5)\nprint(7)", Sum, Sum.PublicTests);
        foreach (var pid in Descendants(sandbox))
            Kill(pid);
        Assert.Equal(VerdictKind.Accepted, (await slow).Kind);
        Assert.Equal(VerdictKind.WrongAnswer, (await judge.JudgeAsync("print(8)", Sum, Sum.PublicTests)).Kind);
    }

    [Fact]
    public async Task A_missing_interpreter_is_named_with_the_way_out()
    {
        var e = await Assert.ThrowsAsync<SandboxUnavailableException>(() => LocalSandbox.StartAsync(new() { Python = "/usr/bin/python9" }));
        Assert.Contains("/usr/bin/python9", e.Message);
        Assert.Contains("apt-get install", e.Message);
    }

    [Theory]
    [InlineData(Comparison.Tokens, "1  2\n", "1 2", true)]
    [InlineData(Comparison.Tokens, "1", "1 2", false)]
    [InlineData(Comparison.Tokens, "1 2 3", "1 2", false)]
    [InlineData(Comparison.Tokens, "", "1", false)]
    [InlineData(Comparison.Exact, "1 ", "1", false)]
    [InlineData(Comparison.Float, "0.30000000001", "0.3", true)]
    [InlineData(Comparison.Float, "0.31", "0.3", false)]
    [InlineData(Comparison.Float, "nan", "0.3", false)]
    [InlineData(Comparison.Float, "yes", "yes", true)]
    [InlineData(Comparison.Value, "2.0", "2", true)]
    [InlineData(Comparison.Value, "\"2\"", "2", false)]
    [InlineData(Comparison.Value, "[1,[2]]", "[1, [2.0]]", true)]
    [InlineData(Comparison.Value, "[1]", "[1, 2]", false)]
    [InlineData(Comparison.Value, "true", "1", false)]
    [InlineData(Comparison.Value, "123456789012345678901", "123456789012345678902", false)]
    public void Outputs_are_compared_in_full(Comparison comparison, string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(comparison, actual, expected));

    // The workers' processes, and everything that they started.
    static HashSet<int> Descendants(LocalSandbox sandbox)
    {
        var parents = new Dictionary<int, int>();
        var found = new HashSet<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var pid))
                try
                {
                    var fields = File.ReadAllText($"{folder}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    parents[pid] = int.Parse(fields[1]);
                    if (File.ReadAllText($"{folder}/cmdline").Contains(sandbox.Folder, StringComparison.Ordinal))
                        found.Add(pid);
                }
                catch (IOException)
                {
                    // The process ended while it was looked at.
                }
        while (parents.Where(p => found.Contains(p.Value)).Count(p => found.Add(p.Key)) > 0)
        {
        }
        return found;
    }

    static void Kill(int pid)
    {
        try
        {
            Process.GetProcessById(pid).Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It went with its parent.
        }
    }
}
