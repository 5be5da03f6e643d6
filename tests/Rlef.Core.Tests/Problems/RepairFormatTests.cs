using System.IO.Compression;
using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>Sets whose problems come with a wrong program, and calls with objects of the set's own classes. Small files, made here.</summary>
public sealed class RepairFormatTests(Sandboxes sandboxes) : SmallSets(sandboxes)
{
    const string Chain = """
        class Link:
            def __init__(self, value, rest=None):
                self.value = value
                self.rest = rest

        one = Link(1)
        two = Link(2, one)

        def test1():
            result = last(two)
            assert result is one and result.value == 1

        def test2():
            one.rest = Link(0)
            assert last(two).value == 0

        test1()
        test2()
        """;

    static JsonObject Quix(string name, string wrong, string right, string tests) => new()
    {
        ["name"] = name, ["buggy_program"] = wrong, ["docstring"] = "\"\"\"\nSay what it does.\n\"\"\"", ["solution"] = right, ["tests"] = tests,
    };

    static readonly JsonObject Last = Quix("last", "def last(link):\n    while link.rest.rest:\n        link = link.rest\n    return link",
        "def last(link):\n    while link.rest:\n        link = link.rest\n    return link", Chain);

    static readonly JsonObject Steps = Quix("steps", "def steps(n):\n    yield from range(n)", "def steps(n):\n    yield from range(n + 1)",
        "assert list(steps(*[2])) == [0, 1, 2]\nassert list(steps(0)) == [0]");

    static JsonObject Pack(string examples, string wrong = "    return a * b\n") => new()
    {
        ["task_id"] = "Python/0", ["prompt"] = "def add(a, b):\n    \"\"\"Adds.\"\"\"\n", ["declaration"] = "def add(a, b):\n", ["canonical_solution"] = "    return a + b\n",
        ["buggy_solution"] = wrong, ["entry_point"] = "add", ["example_test"] = examples,
        ["test"] = "def check(add):\n    assert add(2, 2) == 4\n    assert add(1, 2) == 3\ncheck(add)\n",
    };

    const string Helpers = """
        from math import *
        class TreeNode:
            def __init__(self, val=0, left=None, right=None):
                self.val = val
                self.left = left
                self.right = right
        def tree_node(values):
            nodes = [None if v is None else TreeNode(v) for v in values]
            for i, node in enumerate(nodes):
                if node:
                    node.left, node.right = (nodes[2 * i + k] if 2 * i + k < len(nodes) else None for k in (1, 2))
            return nodes[0] if nodes else None
        def is_same_tree(p, q):
            return p is q or bool(p and q and p.val == q.val and is_same_tree(p.left, q.left) and is_same_tree(p.right, q.right))
        """;

    static JsonObject Leet(string slug, string entry, string program, string asserts, string statement = "Do it.\n\nExample 1:\n\nInput: x = 2, s = \"b\"\nOutput: -\n") => new()
    {
        ["task_id"] = slug, ["prompt"] = Helpers, ["completion"] = program, ["entry_point"] = $"Solution().{entry}", ["query"] = "-",
        ["problem_description"] = statement, ["starter_code"] = $"class Solution:\n    def {entry}(self):",
        ["test"] = "def check(candidate):\n" + string.Concat(asserts.Split('\n').Select(a => $"    assert {a}\n")),
    };

    static readonly JsonObject Repeat = Leet("repeat", "repeat", "class Solution:\n    def repeat(self, x: int, s: str) -> str:\n        return s * floor(x)",
        "candidate(x = 1, s = 'a') == 'a'\ncandidate(x = 2, s = 'b') == 'bb'\ncandidate(x = 3, s = 'c') == 'ccc'");

    static readonly JsonObject Mirror = Leet("mirror", "mirror",
        "class Solution:\n    def mirror(self, root: Optional[TreeNode]) -> Optional[TreeNode]:\n        return root and TreeNode(root.val, self.mirror(root.right), self.mirror(root.left))".Replace("Optional[TreeNode]", "TreeNode"),
        "is_same_tree(candidate(root = tree_node([1, 2, None])), tree_node([1, None, 2]))\nis_same_tree(candidate(root = tree_node([])), tree_node([]))");

    static readonly JsonObject Sum = Leet("sum", "sum", "class Solution:\n    def sum(self, root):\n        return root.val + self.sum(root.left) + self.sum(root.right) if root else 0",
        "candidate(root = tree_node([1, 2, 3])) == 6\ncandidate(root = tree_node([4])) == 4");

    static JsonObject Bug(string slug, string right, string wrong) => new()
    {
        ["slug"] = slug, ["description"] = "Do it.", ["examples"] = new JsonArray("Input: x = 2, s = \"b\"\nOutput: \"bb\""), ["constraints"] = "x < 9",
        ["oracle_code"] = "\n" + right, ["buggy_code"] = "\n" + wrong,
    };

    string Write(string name, params IEnumerable<JsonObject> records) => Write(string.Join('\n', records.Select(r => r.ToJsonString())), name);

    async Task AssertProvesItself(string format, ProblemReading reading)
    {
        Assert.Equal(format, reading.Format);
        var set = reading.ToSet();
        var result = await ProblemSetValidator.ValidateAsync(set, Sandboxes.Judge());
        Assert.Equal((set.Count, set.Count, set.Count), (result.References, result.Accepted, result.EmptyRejected));
        Assert.Empty(result.Faults);
        foreach (var problem in set.Where(p => p.Draft is not null))
            foreach (var tests in (IEnumerable<TestCase>[])[problem.PublicTests, problem.PrivateTests])
                Assert.False((await Sandboxes.Judge().JudgeAsync(problem.Draft!, problem, [.. tests])).Accepted);
    }

    [Fact]
    public async Task Objects_of_a_sets_own_classes_reach_the_program_and_come_back_as_the_same_ones()
    {
        var reading = await ReadAsync(Write("quix.jsonl", Last, Steps));
        await AssertProvesItself("quixbugs", reading);
        var last = reading.ToSet()["last"];
        Assert.Equal((2, "Say what it does.\n\ndef last(link):\n"), (last.AllTests.Length, last.Statement));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(last, "def last(link: Link):\n    return last(link.rest) if link.rest else link"));
        // An object that only looks the same is not the one that is asked for, and nothing that the program makes of the class helps it.
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(last, "def last(link):\n    while link.rest:\n        link = link.rest\n    return Link(link.value)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(last, "Link.__eq__ = lambda s, o: True\ndef last(link):\n    return Link(5)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(last, "class Any:\n    value = 1\ndef last(link):\n    return Any()"));
    }

    [Fact]
    public async Task An_iterator_crosses_where_the_reference_returns_one()
    {
        var steps = (await ReadAsync(Write("quix.jsonl", Steps))).ToSet()[0];
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(steps, "def steps(n): return map(int, range(n + 1))"));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(steps, "def steps(n): return list(range(n + 1))"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(steps, "import itertools\ndef steps(n): return itertools.count()"));
        Assert.Equal(VerdictKind.RuntimeError, await JudgeAsync(steps, "def steps(n):\n    yield 0\n    raise KeyError"));
    }

    [Fact]
    public async Task A_wrong_program_is_the_draft_and_its_examples_are_public()
    {
        var reading = await ReadAsync(Write("pack.jsonl", Pack("def check(add):\n    assert add(1, 2) == 3\ncheck(add)\n")));
        await AssertProvesItself("humanevalpack", reading);
        var problem = reading.ToSet()[0];
        Assert.Equal(("[1, 2]", "[2, 2]", "def add(a, b):\n    return a * b\n"), (problem.PublicTests.Single().Input, problem.PrivateTests[0].Input, problem.Draft));
        // The bug shows in no private test of the set, so one that shows it is among them too.
        Assert.Equal(["[2, 2]", "[1, 2]"], problem.PrivateTests.Select(t => t.Input));
        Assert.Equal(["```python\ndef add(a, b):\n    return a * b\n```"], RolloutStart.Of(problem).Responses);
    }

    [Theory]
    [InlineData("")]
    [InlineData("def check(add):\n    pass\ncheck(add)\n")]
    [InlineData("def check(add):\n    assert add(2, 2) == 4\ncheck(add)\n")]
    public async Task The_public_tests_show_the_bug_even_where_the_sets_examples_do_not(string examples)
    {
        var reading = await ReadAsync(Write("pack.jsonl", Pack(examples)));
        await AssertProvesItself("humanevalpack", reading);
        Assert.Equal(["[2, 2]", "[1, 2]"], reading.ToSet()[0].PublicTests.Select(t => t.Input));
    }

    [Fact]
    public async Task A_wrong_program_that_passes_every_test_is_a_fault()
    {
        var reading = await ReadAsync(Write("pack.jsonl", Pack("", "    return b + a\n")));
        Assert.Equal(("draft", 1, "Python/0"), (reading.Faults.Single().Field, reading.Faults[0].Line, reading.Faults[0].Problem));
        Assert.Contains("nothing to repair", reading.Faults[0].Reason);
    }

    [Fact]
    public async Task Drafts_of_own_records_must_be_wrong()
    {
        var problem = new Problem { Id = "a", Statement = "-", EntryPoint = "f", PublicTests = [new("[1]", "1")], PrivateTests = [new("[1]", "1")], Comparison = Comparison.Value, Draft = "def f(x): return x" };
        Assert.Equal("draft", (await ProblemSetValidator.ValidateAsync(new("own", [problem]), Sandboxes.Judge())).Faults.Single().Field);
        Assert.Empty((await ProblemSetValidator.ValidateAsync(new("own", [problem with { Draft = "def f(x): retrun x" }]), Sandboxes.Judge())).Faults);
    }

    [Fact]
    public async Task Methods_are_called_by_position_and_those_tests_are_public_that_the_statement_shows()
    {
        var reading = await ReadAsync(Write("leet.jsonl", Repeat, Mirror, Sum));
        await AssertProvesItself("leetcode", reading);
        var repeat = reading.ToSet()["repeat"];
        Assert.Equal(["[2, \"b\"]"], repeat.PublicTests.Select(t => t.Input));
        Assert.Equal(["[1, \"a\"]", "[3, \"c\"]"], repeat.PrivateTests.Select(t => t.Input));
        Assert.EndsWith("\n\nclass Solution:\n    def repeat(self):\n", repeat.Statement);
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(repeat, "class Solution:\n    def repeat(self, times, what):\n        return what * times"));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(repeat, "def repeat(x, s): return ''.join(itertools.repeat(s, x))"));
    }

    [Fact]
    public async Task Trees_are_given_as_they_are_written_and_returned_by_content()
    {
        var set = (await ReadAsync(Write("leet.jsonl", Repeat, Mirror, Sum))).ToSet();
        Assert.Equal(["=mirror(tree_node([1, 2, None]))", "[null]"], set["mirror"].AllTests.Select(t => t.Input));
        Assert.Equal(["=sum(tree_node([1, 2, 3]))", "=sum(tree_node([4]))"], set["sum"].AllTests.Select(t => t.Input));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(set["sum"], "def sum(root): return root.val + sum(root.left) + sum(root.right) if root else 0"));
        Assert.Equal(VerdictKind.Accepted, await JudgeAsync(set["mirror"],
            "class TreeNode:\n    def __init__(self, val, left, right):\n        self.left, self.right, self.val, self.mark = left, right, val, 1\n" +
            "class Solution:\n    def mirror(self, root):\n        return root and TreeNode(root.val, self.mirror(root.right), self.mirror(root.left))"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(set["mirror"], "class Solution:\n    def mirror(self, root):\n        return root"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(set["mirror"], "is_same_tree = lambda *a: True\nclass Solution:\n    def mirror(self, root):\n        return TreeNode(9)"));
    }

    [Theory]
    [InlineData("LeetCodeDataset-v0.2.0-train.jsonl")]
    [InlineData("../leetcode/LeetCodeDataset-v0.3.1-test.jsonl")]
    public async Task Bugs_in_solutions_are_judged_by_the_tests_of_the_slug(string tests)
    {
        Write("bugs/" + tests, Repeat);
        const string right = "class Solution:\n    def repeat(self, n, word):\n        return word * n", wrong = "class Solution:\n    def repeat(self, n, word):\n        return word *";
        var path = Write("bugs/bugs.json", Bug("repeat", right, wrong), Bug("unknown", right, wrong));
        File.WriteAllText(path, $"[\n{File.ReadAllText(path).Replace("\n", ",\n")}\n]");
        var reading = await ReadAsync(path);
        Assert.Equal(("debugbench", 2, 1), (reading.Format, reading.Records, reading.Problems.Length));
        Assert.Equal((3, "unknown", "slug"), (reading.Faults[0].Line, reading.Faults[0].Problem, reading.Faults[0].Field));
        await AssertProvesItself("debugbench", reading with { Faults = [] });
        var problem = reading.Problems[0].Problem;
        Assert.StartsWith("repeat#", problem.Id);
        Assert.Equal((wrong, "[2, \"b\"]"), (problem.Draft, problem.PublicTests.Single().Input));
        Assert.Contains("Example 1:\nInput: x = 2", problem.Statement);
    }

    [Fact]
    public async Task Without_tests_the_fault_says_where_they_are_looked_for()
    {
        var e = await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("bugs.jsonl", Bug("repeat", "-", "-"))));
        Assert.Contains("LeetCodeDataset", e.Message);
        Assert.Contains(folder, e.Message);
    }
}
