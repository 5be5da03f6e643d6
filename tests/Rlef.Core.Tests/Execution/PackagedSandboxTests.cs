using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

/// <summary>The local sandbox with packages of this machine offered: all that holds without them, and what programs may do with them.</summary>
public sealed class PackagedSandboxTests(Sandboxes sandboxes) : SandboxTests, IAsyncLifetime
{
    ISandbox shared = null!;

    protected override ISandbox Shared => shared;

    public async ValueTask InitializeAsync()
    {
        var (sandbox, reason) = await sandboxes.PackagedAsync;
        Assert.SkipWhen(sandbox is null, reason ?? "");
        shared = sandbox;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<string> Programs { get; } =
    [
        "import numpy as np\nprint(np.array(input().split(),dtype=int).sum())",
        "import numpy as np\nprint(round(np.linalg.det(np.array([[3.0,1.0],[2.0,3.0]]))))",
        "import numpy as np\nprint(int((np.ones((300,300))@np.ones((300,300)))[0,0])-293)",
        "from numpy.fft import fft\nprint(round(abs(fft([3,4])[0])))",
        "from sortedcontainers import SortedList\nprint(sum(SortedList(map(int,input().split()))))",
        "import networkx\nprint(networkx.shortest_path_length(networkx.path_graph(8),0,7))",
        "import networkx,numpy\nprint(int(networkx.to_numpy_array(networkx.path_graph(8)).sum())//2)",
        "import threading,numpy as np\nt=threading.Thread(target=lambda: print(int(np.arange(4).sum())+1))\nt.start()\nt.join()",
        "from importlib.metadata import version\nprint(7 if version('numpy') and version('networkx') else 8)",
    ];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Programs_import_what_is_offered_and_nothing_by_default(string program)
    {
        foreach (var isolation in Enum.GetValues<Isolation>())
        {
            var with = await new Judge(shared, isolation).JudgeAsync(program, Sum, Sum.PublicTests);
            Assert.True(with.Accepted, with.Verdicts[0].Error?.Traceback ?? with.Verdicts[0].Output);
        }
        var without = (await new Judge(sandboxes.Local).JudgeAsync(program, Sum, Sum.PublicTests)).Verdicts[0];
        Assert.Equal(VerdictKind.RuntimeError, without.Kind);
        Assert.Contains(without.Error!.Type, (string[])["ModuleNotFoundError", "PackageNotFoundError"]);
    }

    [Theory]
    [InlineData("def f(xs): return np.sum(xs)", "6")]
    [InlineData("def f(xs): return np.float64(sum(xs))", "6.0")]
    [InlineData("def f(xs): return np.any(np.array(xs)>2)", "true")]
    [InlineData("def f(xs): return list(np.array(xs)*2)", "[2, 4, 6]")]
    [InlineData("def f(xs): return {np.str_('a'): np.int8(3)}", "{\"__dict__\": [[\"a\", 3]]}")]
    public async Task Scalars_of_numpy_are_the_numbers_that_they_hold(string program, string expected)
    {
        var problem = Sum with { EntryPoint = "f", Comparison = Comparison.Value, PublicTests = [new("[[1, 2, 3]]", expected)] };
        var verdict = (await new Judge(shared).JudgeAsync("import numpy as np\n" + program, problem, problem.PublicTests)).Verdicts[0];
        Assert.True(verdict.Kind == VerdictKind.Accepted, $"{verdict.Kind}: {verdict.Output}");
    }

    // Neither by a path of the machine: what a verdict says does not hang on what else is installed.
    [Theory]
    [InlineData("import pkg_resources")]
    [InlineData("import sys\nsys.path.append('/usr/lib/python3/dist-packages')\nimport pkg_resources")]
    public async Task Nothing_else_of_the_machine_is_offered(string program)
    {
        foreach (var sandbox in (ISandbox[])[shared, sandboxes.Local])
            Assert.Equal("ModuleNotFoundError", (await new Judge(sandbox).JudgeAsync(program, Sum, Sum.PublicTests)).Verdicts[0].Error?.Type);
    }

    [Theory]
    [InlineData("open(f,'a')")]
    [InlineData("open(f,'r+b')")]
    [InlineData("os.truncate(f,0)")]
    [InlineData("os.unlink(f)")]
    [InlineData("os.rename(f,f+'x')")]
    [InlineData("os.replace('x.py',f)")]
    [InlineData("os.rename(os.path.dirname(f),'/box/numpy')")]
    [InlineData("os.mkdir(os.path.dirname(f)+'/x')")]
    [InlineData("open('/packages/random.py','w')")]
    [InlineData("open('/etc/alternatives/x','w')")]
    [InlineData("os.rename('/etc/alternatives','/etc/x')")]
    [InlineData("open(os.path.dirname(os.__file__)+'/x','w')")]
    public async Task No_program_changes_them(string change)
    {
        var program = $"import os,numpy\nf=numpy.__file__\nopen('x.py','w').close()\ntry: {change}\nexcept OSError: print(7)\nelse: print(8)";
        Assert.Equal(VerdictKind.Accepted, (await new Judge(shared).JudgeAsync(program, Sum, Sum.PublicTests)).Kind);
    }

    [Fact]
    public async Task What_one_program_makes_of_them_no_other_sees()
    {
        const string spoil = "import sys,numpy\nnumpy.sum=numpy.array=lambda *a,**k: 8\nnumpy.__path__[:]=[]\nfor n in list(sys.modules):\n    if n.startswith('numpy'): sys.modules[n]=None\nprint(8)";
        for (var i = 0; i < 2 * Sandbox.DefaultWorkers; i++)
        {
            Assert.Equal(VerdictKind.WrongAnswer, (await new Judge(shared).JudgeAsync(spoil, Sum, Sum.PublicTests)).Kind);
            Assert.True((await new Judge(shared).JudgeAsync("import numpy\nprint(numpy.sum(numpy.array([3,4])))", Sum, Sum.PublicTests)).Accepted);
        }
    }

    [Fact]
    public async Task They_are_no_part_of_a_programs_memory_limit()
    {
        var limits = Limits.Default with { MemoryBytes = 64 << 20, StackBytes = 8 << 20 };
        foreach (var (program, status) in ((string, ExecutionStatus)[])[("import numpy\nprint(numpy.ones(10**6).sum())", ExecutionStatus.Completed), ("print(len(bytearray(32<<20)))", ExecutionStatus.Completed),
            ("bytearray(64<<20)", ExecutionStatus.MemoryLimit), ("import numpy\nnumpy.ones(8<<20)", ExecutionStatus.MemoryLimit)])
        {
            var result = (await shared.RunAsync(new(program, [""], null, limits, Isolation.PerTest)))[0];
            Assert.True(result.Status == status, $"{program}: {result.Status} {result.Error?.Traceback}");
        }
    }

    // Packages load modules that programs without them rarely have; the calls of a function share a process all the same.
    [Fact]
    public async Task Calls_of_a_function_share_a_process()
    {
        var results = await shared.RunAsync(new("import numpy,networkx\nn=0\ndef f():\n    global n\n    n+=1\n    return n", ["[]", "[]", "[]"], "f", Limits.Default, Isolation.PerProgram));
        Assert.Equal(["1", "2", "3"], results.Select(r => r.Output));
    }

    [Fact]
    public async Task What_is_drawn_at_random_is_the_same_each_time()
    {
        var request = new ExecutionRequest("import numpy\nprint(numpy.random.rand(3))", [""], null, Limits.Default, Isolation.PerTest);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shared.RunAsync(request)));
        Assert.Single(results.Select(r => (r[0].Status, r[0].Output)).Distinct());
        Assert.Equal(ExecutionStatus.Completed, results[0][0].Status);
    }

    [Fact]
    public void It_says_what_is_offered()
    {
        Assert.Superset(Sandboxes.PackageNames.ToHashSet(), shared.Packages.Select(p => p.Name).ToHashSet());
        Assert.All(shared.Packages, p => Assert.NotEqual("", p.Version));
        Assert.Contains(shared.Layers, layer => layer.Contains($"{shared.Packages.First(p => p.Name == "numpy")}", StringComparison.Ordinal));
        Assert.Empty(sandboxes.Local.Packages);
    }

    // A reference that could not be run is tried again: what it lacked may be offered by then.
    [Fact]
    public async Task References_import_them_too()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, $$"""{"task_id":"{{Guid.NewGuid()}}","prompt":"import numpy\ndef total(x):\n","canonical_solution":"    return int(numpy.sum(x))\n","test":"def check(candidate):\n    assert candidate([3, 4]) == 7 # {{Guid.NewGuid()}}\n","entry_point":"total"}""" + "\n");
            var fault = Assert.Single((await ProblemReader.ReadAsync(path, sandboxes.Local, "humaneval")).Faults);
            Assert.Contains("numpy", fault.Reason);
            Assert.Empty((await ProblemReader.ReadAsync(path, shared, "humaneval")).Faults);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_package_that_is_missing_is_named_with_the_way_out()
    {
        var e = await Assert.ThrowsAsync<SandboxUnavailableException>(() => Sandbox.StartAsync("local", 1, "numpy,no_such_package"));
        Assert.Contains("has no package no_such_package.", e.Message);
        Assert.Contains("apt-get install python3-no-such-package", e.Message);
    }

    [Theory]
    [InlineData("numpy,os", "os: part of Python itself")]
    [InlineData("scikit-learn", "'scikit-learn' is no name")]
    [InlineData("numpy networkx", "'numpy networkx' is no name")]
    [InlineData("numpy.linalg", "'numpy.linalg' is no name")]
    public async Task Names_that_are_none_are_refused(string names, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<ArgumentException>(() => Sandbox.StartAsync("local", 1, names))).Message);
}
