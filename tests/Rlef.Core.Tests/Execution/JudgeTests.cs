using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

public sealed class JudgeTests(Sandboxes sandboxes)
{
    static readonly Problem Sum = new() { Id = "sum", Statement = "Add two numbers.", PublicTests = [new("3 4\n", "7\n")], PrivateTests = [] };

    [Fact]
    public async Task No_tests_prove_nothing() =>
        await Assert.ThrowsAsync<ArgumentException>(() => sandboxes.Judge().JudgeAsync("print(7)", Sum, []));

    [Fact]
    public async Task Limits_beyond_what_can_be_counted_are_as_none()
    {
        var generous = Sum with { Limits = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(999_999), 256 << 20, 1_000_000 << 10) };
        Assert.True((await sandboxes.Judge().JudgeAsync("print(sum(map(int, input().split())))", generous, Sum.PublicTests, cancellation: TestContext.Current.CancellationToken)).Accepted);
    }

    // What one test leaves behind in the library's modules is no failure of the next.
    [Theory]
    [InlineData("import asyncio\nloop = asyncio.get_event_loop_policy().get_event_loop()\nloop.run_until_complete(asyncio.sleep(0))\nloop.close()\nprint(sum(map(int, input().split())))")]
    [InlineData("import fileinput\nprint(sum(map(int, fileinput.input().readline().split())))")]
    [InlineData("import decimal\na, b = map(decimal.Decimal, input().split())\nprint(a + b)\ndecimal.getcontext().prec = 1")]
    [InlineData("import sys\nprint(sum(map(int, input().split())))\nsys.setrecursionlimit(30)")]
    [InlineData("import builtins\nold = print\ndef loud(*a): old(*a, '!' * hasattr(builtins, 'seen'))\nbuiltins.print = loud\nloud(sum(map(int, input().split())))\nbuiltins.seen = 1")]
    [InlineData("import os\nprint(sum(map(int, input().split())) + int(os.environ.get('SEEN', 0)))\nos.environ['SEEN'] = '1'")]
    public async Task A_later_test_fails_only_if_it_fails_by_itself(string program)
    {
        ImmutableArray<TestCase> tests = [Sum.PublicTests[0], new("10 20\n", "30\n"), new("30 40\n", "70\n")];
        foreach (var stop in (bool[])[false, true])
        {
            Assert.True((await sandboxes.Judge().JudgeAsync(program, Sum, tests, stop, TestContext.Current.CancellationToken)).Accepted);
            var wrong = await sandboxes.Judge().JudgeAsync(program, Sum, tests.SetItem(1, new("10 20\n", "99\n")), stop, TestContext.Current.CancellationToken);
            Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, .. stop ? [] : (VerdictKind[])[VerdictKind.Accepted]], wrong.Verdicts.Select(v => v.Kind));
        }
    }

    [Theory]
    [InlineData("collections.deque([x, 2])", "collections.deque([x, 3])")]
    [InlineData("range(0, x, 2)", "range(0, x + 2, 2)")]
    [InlineData("{1: x}.keys()", "{2: x}.keys()")]
    [InlineData("datetime.datetime(2020, 1, x)", "datetime.datetime(2020, 1, x, 1)")]
    [InlineData("datetime.timedelta(x)", "datetime.timedelta(hours=x)")]
    [InlineData("bytearray(b'ab')", "bytearray(b'ac')")]
    public async Task Values_of_the_standard_library_are_compared_by_content(string right, string wrong)
    {
        const string Imports = "import collections, datetime\n";
        var path = Path.Combine(Directory.CreateTempSubdirectory("rlef-").FullName, "mbpp.jsonl");
        await File.WriteAllTextAsync(path, System.Text.Json.JsonSerializer.Serialize(new
        {
            task_id = 1, text = "t", code = $"{Imports}def f(x): return {right}", test_setup_code = "", test_list = new[] { $"{Imports}assert f(4) == (lambda x: {right})(4)" }, challenge_test_list = Array.Empty<string>(),
        }), TestContext.Current.CancellationToken);
        var problem = (await ProblemReader.ReadAsync(path, sandboxes.Local, cancellation: TestContext.Current.CancellationToken)).ToSet()[0];
        async Task<VerdictKind> Judged(string value) => (await sandboxes.Judge().JudgeAsync($"{Imports}def f(x): return {value}", problem, problem.AllTests, cancellation: TestContext.Current.CancellationToken)).Kind;
        Assert.Equal((VerdictKind.Accepted, VerdictKind.WrongAnswer), (await Judged(right), await Judged(wrong)));
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
    [InlineData(Comparison.Float, "inf -Inf NaN", "Infinity -infinity nan", true)]
    [InlineData(Comparison.Float, "inf", "-inf", false)]
    [InlineData(Comparison.Float, "nan", "inf", false)]
    [InlineData(Comparison.Float, "1e999", "inf", false)]
    [InlineData(Comparison.Value, "2.0", "2", true)]
    [InlineData(Comparison.Value, "\"2\"", "2", false)]
    [InlineData(Comparison.Value, "[1,[2]]", "[1, [2.0]]", true)]
    [InlineData(Comparison.Value, "[1]", "[1, 2]", false)]
    [InlineData(Comparison.Value, "true", "1", true)]
    [InlineData(Comparison.Value, "true", "2", false)]
    [InlineData(Comparison.Value, "123456789012345678901", "123456789012345678902", false)]
    public void Outputs_are_compared_in_full(Comparison comparison, string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(comparison, actual, expected));
}
