using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

// Where a program or a test ends: limits, input, output, and what is left behind.
public abstract partial class SandboxTests
{
    [Theory]
    [InlineData("@lru_cache(None)\ndef f(n): return 0 if n==0 else 1+f(n-1)\nprint(f(100000))")]
    [InlineData("threading.stack_size(1<<28)\n@lru_cache(None)\ndef f(n): return 0 if n==0 else 1+f(n-1)\nthreading.Thread(target=lambda: print(f(100000))).start()")]
    public async Task The_stack_goes_as_far_as_the_memory_unless_it_has_a_limit_of_its_own(string program)
    {
        program = "import sys,threading\nfrom functools import lru_cache\nsys.setrecursionlimit(10**6)\n" + program;
        var result = (await Shared.RunAsync(new(program, [""], null, Limits.CodeContests, Isolation.PerTest)))[0];
        Assert.Equal((ExecutionStatus.Completed, "100000\n"), (result.Status, result.Output));
        var flat = (await Shared.RunAsync(new(program, [""], null, Limits.CodeContests with { StackBytes = 4 << 20 }, Isolation.PerTest)))[0];
        Assert.Equal(program.Contains("stack_size", StringComparison.Ordinal) || !LimitsStack ? ExecutionStatus.Completed : ExecutionStatus.Crashed, flat.Status);
    }

    // Filling a stack takes longer than the other programs of the table may.
    [Theory]
    [InlineData(Isolation.PerTest)]
    [InlineData(Isolation.PerProgram)]
    public async Task Recursion_without_end_is_an_error_of_the_program(Isolation isolation)
    {
        const string program = "import sys\nfrom functools import lru_cache\nsys.setrecursionlimit(10**9)\n@lru_cache(None)\ndef f(n): return 1+f(n+1)\nprint(f(0))";
        var problem = Sum with { Limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromSeconds(60) } };
        Assert.Equal(VerdictKind.RuntimeError, (await Judge(isolation).JudgeAsync(program, problem, [.. Sum.PublicTests, .. Sum.PublicTests])).Kind);
    }

    [Theory]
    [InlineData("n=int(open('in.txt').readline())\nwith open('out.txt','w') as f: f.write(str(n+1))")]
    [InlineData("import sys\nsys.stdin=open('in.txt')\nsys.stdout=open('out.txt','w')\nprint(int(input())+1)")]
    [InlineData("print(int(input())+1)")]
    [InlineData("print('not this')\nopen('out.txt','w').write(str(int(input())+1))")]
    [InlineData("import os\nwith open('out.txt','w') as f: f.write(str(int(input())+1))\nos._exit(0)")]
    public async Task Input_and_output_may_be_files(string program)
    {
        var problem = Sum with { InputFile = "in.txt", OutputFile = "out.txt", PublicTests = [new("6\n", "7\n"), new("1", "2")] };
        foreach (var isolation in Enum.GetValues<Isolation>())
        {
            var judgement = await Judge(isolation).JudgeAsync(program, problem, problem.PublicTests);
            Assert.True(judgement.Accepted, judgement.Verdicts[0].Error?.Traceback ?? judgement.Verdicts[0].Output);
        }
    }

    [Theory]
    [InlineData("3 4", true)]
    [InlineData("3 4\n", true)]
    [InlineData("3 4\n\n", false)]
    public async Task An_input_has_its_last_newline(string input, bool one)
    {
        var problem = Sum with { PublicTests = [new(input, one ? "4\n" : "5\n")] };
        Assert.True((await Judge().JudgeAsync("import sys\nprint(len(sys.stdin.read()))", problem, problem.PublicTests)).Accepted);
    }

    // Nobody, the program itself in its next test included, finds what was left.
    [Theory]
    [InlineData(Isolation.PerTest)]
    [InlineData(Isolation.PerProgram)]
    public async Task A_folder_is_empty_whatever_was_left_in_it(Isolation isolation)
    {
        const string leave = "import os\nprint(os.listdir('.'))\nopen('a','w').write('secret')\nos.makedirs('b/c/d')\nopen('b/c/d/e','w')\nos.umask(0o777)\nos.mkdir('f')\nos.chdir('b')";
        for (var i = 0; i < 2 * Sandbox.DefaultWorkers; i++)
        {
            var results = await Shared.RunAsync(new(leave, ["", "", ""], null, Limits.Default, isolation));
            Assert.All(results, r => Assert.Equal((ExecutionStatus.Completed, "[]\n"), (r.Status, r.Output)));
        }
    }

    [Fact]
    public async Task What_an_error_leaves_to_be_destroyed_does_not_print_into_the_next_test()
    {
        const string program = "class A:\n    def __del__(self): print('late')\na=A()\na.a=a\ndel a\nif input()=='1': 1/0\nprint('on time')";
        var results = await Shared.RunAsync(new(program, ["1", "2", "3"], null, Limits.Default, Isolation.PerProgram));
        Assert.Equal([ExecutionStatus.RuntimeError, ExecutionStatus.Completed, ExecutionStatus.Completed], results.Select(r => r.Status));
        Assert.All(results.Skip(1), r => Assert.Equal("on time\nlate\n", r.Output));
    }

    // However soon after the folder was emptied they are written.
    [Theory]
    [InlineData("import h")]
    [InlineData("import sys\nsys.path.insert(0, '.')\nimport h")]
    [InlineData("import colorsys, h")]
    [InlineData("from a import h")]
    public async Task Every_test_imports_the_modules_that_it_wrote_and_no_others(string import)
    {
        var program = $"import os\nos.mkdir('a')\nn = int(input())\nif n != 3:\n    for name in ('h.py', 'a/h.py'): open(name, 'w').write(f'x = {{n}}')\n{import}\nprint(h.x)";
        var results = await Shared.RunAsync(new(program, ["1", "2", "3", .. Enumerable.Range(4, 20).Select(n => $"{n}")], null, Limits.Default, Isolation.PerProgram));
        Assert.Equal([1, 2, .. Enumerable.Range(4, 20)], results.Where(r => r.Status == ExecutionStatus.Completed).Select(r => int.Parse(r.Output)));
        Assert.Matches("ModuleNotFoundError|ImportError", results[2].Error!.Type);
    }

    // Whether one draws, seeds, takes exactly one state's worth of numbers, or leaves half a pair of gaussians behind.
    [Theory]
    [InlineData("n = random.random()")]
    [InlineData("n = random.random(); random.seed(7)")]
    [InlineData("n = random.getrandbits(32); random.getrandbits(32 * 623)")]
    [InlineData("n = random.gauss(0, 1)")]
    [InlineData("n = random.sample(range(1000), 3); random.setstate(random.Random(3).getstate())")]
    public async Task Every_test_draws_the_same(string draw)
    {
        var results = await Shared.RunAsync(new($"import random\n{draw}\nprint(n)", ["", "", ""], null, Limits.Default, Isolation.PerProgram));
        Assert.All(results, r => Assert.Equal(ExecutionStatus.Completed, r.Status));
        Assert.Single(results.Select(r => r.Output).Distinct());
    }

    [Theory]
    [InlineData("sys.stderr.close()")]
    [InlineData("sys.stderr.reconfigure(errors='strict')")]
    [InlineData("sys.stderr.reconfigure(encoding='ascii')")]
    [InlineData("import io; sys.stderr = io.TextIOWrapper(sys.stderr.buffer)")]
    [InlineData("sys.stderr = sys.__stderr__ = None")]
    public async Task Every_test_finds_a_standard_error_of_its_own(string spoil)
    {
        var program = $"import sys\nprint('\\ud800é', file=sys.stderr, flush=True)\nprint(7)\nsys.stdout.flush()\n{spoil}";
        var results = await Shared.RunAsync(new(program, ["", "", ""], null, Limits.Default, Isolation.PerProgram));
        Assert.All(results, r => Assert.Equal((ExecutionStatus.Completed, "7\n"), (r.Status, r.Output)));
    }

    // The file at /dev/stdin is the same for all programs of a worker.
    [Fact]
    public async Task An_input_is_gone_when_its_program_has_ended()
    {
        for (var i = 0; i < 2 * Sandbox.DefaultWorkers; i++)
        {
            await Shared.RunAsync(new("import os\nos._exit(0)", ["a long secret\n"], null, Limits.Default, Isolation.PerTest));
            var result = (await Shared.RunAsync(new("import os\nprint(os.fstat(0).st_size,os.pread(0,99,0),open('/dev/stdin').read())", ["x\n"], null, Limits.Default, Isolation.PerTest)))[0];
            Assert.Equal("2 b'x\\n' x\n\n", result.Output);
        }
    }

    [Fact]
    public async Task Long_outputs_of_many_tests_come_through()
    {
        const int length = 1 << 20, tests = 24;
        var limits = Limits.Default with { OutputBytes = length + 1, Cpu = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromSeconds(60) };
        foreach (var isolation in Enum.GetValues<Isolation>())
        {
            var results = await Shared.RunAsync(new($"print('\u00e9' * {length / 2})", [.. Enumerable.Repeat("", tests)], null, limits, isolation));
            Assert.Equal(tests, results.Length);
            Assert.All(results, r => Assert.True(r.Status == ExecutionStatus.Completed && r.Output.Length == length / 2 + 1, $"{isolation}: {r.Status}"));
        }
    }

    // What the worker has to escape would make its message longer than the host accepts, which withdraws the program's verdict.
    [Theory]
    [InlineData("\\xff", Isolation.PerTest)]
    [InlineData("\\xff", Isolation.PerProgram)]
    [InlineData("\"", Isolation.PerTest)]
    [InlineData("\"", Isolation.PerProgram)]
    public async Task No_forged_report_breaks_the_conversation(string content, Isolation isolation)
    {
        var size = isolation == Isolation.PerTest ? 2 << 20 : 6 << 20;
        var program = $"import os,struct\nb=struct.pack('<I',{size})+b'{content}'*{size}\nfor d in range(3,32):\n    try:\n        at=0\n        while at<len(b): at+=os.write(d,b[at:at+65536])\n    except OSError: pass";
        var results = await Shared.RunAsync(new(program, ["", ""], null, Limits.Default with { OutputBytes = 1 << 20 }, isolation));
        Assert.All(results, r => Assert.True(r.Status is ExecutionStatus.Crashed or ExecutionStatus.OutputLimit, $"{r.Status}"));
    }

    // A flood in each of many tests would fill the host's memory.
    [Theory]
    [InlineData("print('7'*(2<<20))", null)]
    [InlineData("print('7'*999999)\n1/0", null)]
    [InlineData("def f(): return '7'*1200000", "f")]
    public async Task Of_output_that_nobody_compares_a_beginning_is_kept(string program, string? entry)
    {
        var result = (await Shared.RunAsync(new(program, ["[]"], entry, Limits.Default with { OutputBytes = 1 << 20 }, Isolation.PerTest)))[0];
        Assert.Equal((program.Contains("1/0", StringComparison.Ordinal) ? ExecutionStatus.RuntimeError : ExecutionStatus.OutputLimit, true), (result.Status, result.Output.Length <= 64 << 10));
    }

    [Fact]
    public async Task A_long_output_is_compared_in_full_and_kept_in_part()
    {
        var answer = new string('7', 99_999) + "8";
        var problem = Sum with { PublicTests = [new("", answer)], Limits = Limits.Default with { OutputBytes = 1 << 20 } };
        var right = (await Judge().JudgeAsync("print('7'*99999+'8')", problem, problem.PublicTests)).Verdicts[0];
        var wrong = (await Judge().JudgeAsync("print('7'*100000)", problem, problem.PublicTests)).Verdicts[0];
        Assert.Equal((VerdictKind.Accepted, VerdictKind.WrongAnswer, 64 << 10, 64 << 10), (right.Kind, wrong.Kind, right.Output.Length, wrong.Output.Length));
    }

    [Fact]
    public async Task A_large_memory_limit_can_be_used()
    {
        var limits = Limits.Default with { MemoryBytes = 1L << 30, Cpu = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromSeconds(60) };
        var results = await Shared.RunAsync(new("x=bytearray(700<<20)\nx[::4096]=b'1'*len(x[::4096])\nprint(len(x))", [""], null, limits, Isolation.PerTest));
        Assert.Equal((ExecutionStatus.Completed, $"{700 << 20}\n"), (results[0].Status, results[0].Output));
    }

    [Theory]
    [InlineData(Isolation.PerTest)]
    [InlineData(Isolation.PerProgram)]
    public async Task An_input_may_be_longer_than_the_output_may_be(Isolation isolation)
    {
        var longer = new string('x', 3 * Limits.Default.OutputBytes);
        var results = await Shared.RunAsync(new("import sys\nprint(len(sys.stdin.read()))\nif not sys.stdin.seek(0): print(len(sys.stdin.read()))", [longer, "x", longer], null, Limits.Default, isolation));
        Assert.Equal([longer.Length, 1, longer.Length], results.Select(r => int.Parse(r.Output.Split('\n')[1])));
        var flood = await Shared.RunAsync(new("import sys\nprint(sys.stdin.read())", [longer, "x"], null, Limits.Default, isolation));
        Assert.Equal([ExecutionStatus.OutputLimit, ExecutionStatus.Completed], flood.Select(r => r.Status));
    }

    // Earlier programs, and what they were given and wrote, would be answers for a later program on the same problem.
    [Fact]
    public async Task Nothing_of_earlier_programs_lies_in_the_memory_of_a_later_one()
    {
        var earlier = new ExecutionRequest(string.Concat(Enumerable.Repeat("# Secret-1\n", 50)) + "print(input())", ["Secret-2\n", "Secret-3\n"], null, Limits.Default, Isolation.PerProgram);
        var workers = Sandbox.DefaultWorkers;
        await Parallel.ForAsync(0, 4 * workers, async (_, stop) => await Shared.RunAsync(earlier, stop));
        var limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromMinutes(2) };
        for (var i = 0; i <= workers; i++)
        {
            var found = (await Shared.RunAsync(new(MemorySearch, ["", ""], null, limits, Isolation.PerTest)))[0];
            // What the program has made itself shows that the search finds.
            Assert.Equal((ExecutionStatus.Completed, "0\n"), (found.Status, found.Output));
        }
    }

    // Looks for Secret-N around the heap and around the interpreter's objects; pages that are not there cannot be written from.
    const string MemorySearch = """
        import ctypes, os, re
        libc = ctypes.CDLL(None)
        libc.sbrk.restype = ctypes.c_void_p
        libc.pwrite.argtypes = ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long
        own, found, file, page = 'Secret-0', set(), os.memfd_create('page'), 4096
        heap, objects = libc.sbrk(0), id(found) & -page
        for at in (*range(heap - (32 << 20), heap, page), *range(objects - (48 << 20), objects + (48 << 20), page)):
            if libc.pwrite(file, at, page, 0) == page:
                found.update(re.findall(rb'[S]ecret-(\d)', os.pread(file, page, 0)))
        print(*sorted(number.decode() for number in found))
        """;

    // The end of its report is not the end of the program: its time goes on.
    [Fact]
    public async Task A_program_that_closes_its_report_and_sleeps_runs_out_of_time()
    {
        var limits = Limits.Default with { Wall = TimeSpan.FromSeconds(1) };
        var results = await Shared.RunAsync(new("import os,time\nos.closerange(3,64)\ntime.sleep(3600)", [""], null, limits, Isolation.PerTest));
        Assert.Equal(ExecutionStatus.TimeLimit, Assert.Single(results).Status);
    }

    // Whoever waits for a core gets a little of it all the while: here, a hundredth.
    [Theory]
    [InlineData("for _ in range(23): work(0.0012), time.sleep(0.1)", ExecutionStatus.Completed)]
    [InlineData("work(0.02), time.sleep(3600)", ExecutionStatus.TimeLimit)]
    public async Task A_process_that_waits_for_a_core_has_more_time_than_one_that_sleeps(string way, ExecutionStatus expected)
    {
        var program = $"import time\ndef work(seconds):\n    end = time.process_time() + seconds\n    while time.process_time() < end: pass\n{way}";
        var result = (await Shared.RunAsync(new(program, [""], null, Limits.Default with { Wall = TimeSpan.FromSeconds(2) }, Isolation.PerTest)))[0];
        Assert.Equal(expected, result.Status);
        Assert.InRange(result.Wall.TotalSeconds, 2, 6);
    }

    [Fact]
    public async Task A_cancelled_request_does_not_spoil_the_next()
    {
        using var cancellation = new CancellationTokenSource();
        var judging = Judge().JudgeAsync("import time\ntime.sleep(2)", Sum, Sum.PublicTests, cancellation: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => judging);
        Assert.Equal(VerdictKind.Accepted, (await Judge().JudgeAsync("print(7)", Sum, Sum.PublicTests)).Kind);
    }
}
