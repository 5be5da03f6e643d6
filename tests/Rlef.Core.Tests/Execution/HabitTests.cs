using Rlef.Execution;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Core.Tests.Execution;

/// <summary>Programs that do what people do, and that a plain interpreter runs.</summary>
public sealed class HabitTests(Sandboxes sandboxes)
{
    async Task<Verdict> Run(string program, string input, string output, string? preamble = null, string? entry = null, Limits? limits = null)
    {
        var problem = new Problem
        {
            Id = "p", Statement = "", PublicTests = [new(input, output)], PrivateTests = [], Preamble = preamble, EntryPoint = entry, Limits = limits,
            Comparison = entry is null ? Comparison.Tokens : Comparison.Value,
        };
        return (await sandboxes.Judge().JudgeAsync(program, problem, problem.PublicTests, cancellation: TestContext.Current.CancellationToken)).Verdicts[0];
    }

    // Of three tests, one behind the other.
    async Task<string> OutputsAsync(string program)
    {
        var problem = new Problem { Id = "p", Statement = "", PublicTests = [new("1", "2"), new("2", "4"), new("12", "24")], PrivateTests = [] };
        return string.Concat((await sandboxes.Judge().JudgeAsync(program, problem, problem.PublicTests, cancellation: TestContext.Current.CancellationToken)).Verdicts.Select(v => v.Output.Trim()));
    }

    [Theory]
    [InlineData("import sys\nprint('|'.join(sys.stdin.buffer.read().decode().split('\\n')))")]
    [InlineData("import sys\nn = sys.stdin.buffer.readline()[:-1]\nprint(n.decode() + '|' + '|'.join(sys.stdin.buffer.read().decode().split('\\n')))")]
    [InlineData("import os\nprint('|'.join(os.read(0, 100).decode().split('\\n')))")]
    [InlineData("import io, sys\nprint('|'.join(io.TextIOWrapper(sys.stdin.buffer, newline='\\n').read().split('\\n')))")]
    [InlineData("print(input() + '|' + input() + '|' + input() + '|')")]
    [InlineData("print(open(0).read().replace('\\n', '|'))")]
    public async Task Lines_end_as_on_Linux_whoever_wrote_the_set(string program) =>
        Assert.Equal(VerdictKind.Accepted, (await Run(program, "2\r\nab\r\ncd\r\n", "2|ab|cd|")).Kind);

    [Theory]
    [InlineData("import ctypes\nctypes.CDLL(None).printf(b'%d\\n', int(input()) * 2)")]
    [InlineData("import ctypes, sys\nctypes.CDLL(None).puts(str(int(input()) * 2).encode())\nsys.exit(0)")]
    public async Task What_the_C_library_prints_is_output_too(string program) => Assert.Equal("2424", await OutputsAsync(program));

    [Fact]
    public async Task A_lone_carriage_return_ends_no_line() => Assert.Equal(VerdictKind.Accepted, (await Run("print(repr(input()), repr(input()))", "a\rb\nc\n", "'a\\rb' 'c'")).Kind);

    [Theory]
    [InlineData("copy.deepcopy(a)")]
    [InlineData("[reduce(xor, a, 0), *a][1:]")]
    [InlineData("[x for x, _ in sorted(zip(a, ascii_lowercase), key=itemgetter(1))]")]
    [InlineData("[x for x in a if random.randint(1, 1) and randint(1, 1)]")]
    [InlineData("a if mean(a) == statistics.median(a) else 0")]
    [InlineData("loads(json.dumps(a)) if StringIO('x').read() == io.StringIO('x').read() else 0")]
    [InlineData("a if datetime.date(2020, 1, 1) + timedelta(1) and findall('1', '1') and maxsize else 0")]
    [InlineData("a if open and abs(-1) == 1 and pow(2, 3, 5) == 3 else 0")]
    public async Task LiveCodeBench_s_names_are_there(string value) =>
        Assert.Equal(VerdictKind.Accepted, (await Run($"class Solution:\n    def f(self, a):\n        return {value}", "[[1, 2, 3]]", "[1, 2, 3]", StandardImports.LiveCodeBench, "f")).Kind);

    [Fact]
    public async Task So_are_APPS_own() => Assert.Equal(VerdictKind.Accepted, (await Run("def f(a): return fractions.Fraction(1, 2) * a", "[2]", "1", StandardImports.Apps, "f")).Kind);

    // As where the set's text and the program's stand in one file: arguments are of the class that is made last.
    [Theory]
    [InlineData("class Node:\n    def __init__(self, val=0, next=None): self.val, self.next = val, next\n    def __iter__(self):\n        yield self.val\n        yield from self.next or ()\ndef f(node): return list(node) if isinstance(node, Node) else 0", "[5, 4]")]
    [InlineData("class Node:\n    __slots__ = ('val', 'next', 'seen')\n    def __init__(self, val, next=None): self.val, self.next = val, next\ndef f(node): return Node(node.next.val, Node(node.val)) if isinstance(node.next, Node) else 0", null)]
    [InlineData("class N(Node): pass\ndef f(node): return N(node.next.val, N(node.val))", null)]
    [InlineData("from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Node:\n    val: int\n    next: object = None\ndef f(node): return Node(node.next.val, Node(node.val))", null)]
    [InlineData("if 'Node' not in globals():\n    class Node:\n        before = None\n        def __init__(self, val=0): self.val, self.next, self.mark = val, None, 7\ndef f(node): return [node.mark, node.next.mark, node.val]", "[7, 7, 5]")]
    public async Task A_class_of_the_set_may_be_made_anew(string program, string? output) => Assert.Equal(
        output ?? """{"__graph__": [{"__object__": 2}, [[2, "Node", [["val", 4], ["next", {"__object__": 3}]]], [3, "Node", [["val", 5], ["next", null]]]]]}""",
        (await Run(program, """[{"__graph__": [{"__object__": 0}, [[0, "Node", [["val", 5], ["next", {"__object__": 1}]]], [1, "Node", [["val", 4], ["next", null]]]]]}]""", "0",
            "class Node:\n    def __init__(self, val=0, next=None): self.val, self.next = val, next\n", "f")).Output);

    [Theory]
    [InlineData(28, 1)]
    [InlineData(29, 1)]
    [InlineData(26, 4)]
    public async Task A_thread_may_ask_for_a_larger_stack_than_there_is_memory(int bits, int count) => Assert.Equal(VerdictKind.Accepted, (await Run($"""
        import sys, threading
        sys.setrecursionlimit(10 ** 6)
        threading.stack_size(1 << {bits})
        def down(n): return 0 if n == 0 else 1 + down(n - 1)
        ready = threading.Barrier({count})
        def work():
            ready.wait()
            print(down(10_000))
        threads = [threading.Thread(target=work) for _ in range({count})]
        for t in threads: t.start()
        for t in threads: t.join()
        """, "", string.Concat(Enumerable.Repeat("10000\n", count)))).Kind);

    [Theory]
    [InlineData("import shutil, os\nos.mkdir('a')\nopen('a/x', 'w').write('1')\nshutil.copytree('a', 'b')\nprint(open('b/x').read())")]
    [InlineData("import shutil\nopen('x', 'w').write('1')\nshutil.copy2('x', 'y')\nprint(open('y').read())")]
    [InlineData("import fcntl\nwith open('x', 'w') as f:\n    fcntl.flock(f, fcntl.LOCK_EX)\nprint(1)")]
    [InlineData("import fcntl\nwith open('x', 'w') as f:\n    fcntl.lockf(f, fcntl.LOCK_EX)\n    fcntl.lockf(f, fcntl.LOCK_UN)\nprint(1)")]
    [InlineData("import sqlite3\nwith sqlite3.connect('x') as c: c.execute('create table t as select 1 as a')\nprint(*sqlite3.connect('x').execute('select a from t').fetchone())")]
    [InlineData("from pathlib import Path\nPath('x').touch()\nprint(len([*Path().glob('x')]))")]
    [InlineData("import os\nwith open('x', 'w'): os.utime('x', (1, 1))\ntry: os.utime('y')\nexcept FileNotFoundError: print(1)")]
    [InlineData("print(open('/dev/fd/0').read())")]
    [InlineData("with open('/dev/stdout', 'w') as f: f.write('1')\nprint()")]
    [InlineData("import getpass\nfrom pathlib import Path\n(Path.home() / 'x').write_text(getpass.getuser())\nprint(1)")]
    [InlineData("from pathlib import Path\nPath('/dev/stdout').write_text(Path('/dev/stdin').read_text())")]
    [InlineData("import sys\nprint(1, file=open('/dev/stderr', 'w'))\nprint(1 if (sys.stdin.name, sys.stdout.name, sys.stderr.name) == ('<stdin>', '<stdout>', '<stderr>') else 0)")]
    public async Task Files_of_one_s_own_and_the_standard_ones_are_as_usual(string program) => Assert.Equal(VerdictKind.Accepted, (await Run(program, "1\n", "1\n")).Kind);

    [Theory]
    [InlineData("\ufeffprint(1)")]
    [InlineData("help, copyright, credits, license\nprint(1)")]
    [InlineData("print(1 + len(__annotations__), end=__cached__)")]
    [InlineData("import inspect\ndef f():\n    return 1\nexec(inspect.getsource(f).replace('f()', 'g()'))\nprint(g())")]
    [InlineData("import linecache, traceback\ntry:\n    1/0\nexcept ZeroDivisionError:\n    print(traceback.format_exc().count('1/0'))")]
    [InlineData("import os, sys\nos.chdir(os.path.dirname(__file__))\nif os.getcwd() == sys.path[0] and open(__file__).readline(): print(1)")]
    [InlineData("import inspect\nclass A:\n    x = 'os' * 0\nprint(inspect.getsource(A).count('x ='))")]
    [InlineData("import sys\nif open(__file__).read().startswith('import sys') and open(sys.argv[0]).readline() == 'import sys\\n':\n    print(1)")]
    public async Task A_program_is_found_as_in_a_file(string program) => Assert.Equal(VerdictKind.Accepted, (await Run(program, "", "1\n")).Kind);

    [Fact]
    public async Task An_exit_code_is_told() =>
        Assert.Equal("The program ended with exit code 2.", (await Run("import os\nos._exit(2)", "", "1\n")).Error!.Message);

    [Theory]
    [InlineData(600, "x")]
    [InlineData(900, "x[0]")]
    public async Task Values_may_nest_deeply(int depth, string value) => Assert.Equal(VerdictKind.Accepted,
        (await Run($"import sys\ndef f(x):\n    assert sys.getrecursionlimit() == 1000\n    return {value}", $"[{Nested(depth)}]", Nested(value == "x" ? depth : depth - 1), entry: "f")).Kind);

    static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
