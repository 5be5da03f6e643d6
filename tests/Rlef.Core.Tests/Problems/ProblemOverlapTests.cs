using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

public sealed class ProblemOverlapTests
{
    static Problem Of(string id, string statement, string? reference = null, string? entry = null) => new()
    {
        Id = id, Statement = statement, PublicTests = [new("", "")], PrivateTests = [new("", "")], Reference = reference, EntryPoint = entry,
    };

    static readonly Problem One = Of("a/1", "Write a function that adds two numbers, and returns the sum.", "def add(a, b):\n    return a + b\n", "add");

    [Theory]
    [InlineData("write a function that adds two numbers and returns the sum", "def plus(x, y): return x + y", "plus", "statement")]
    [InlineData("Sum up.", "# A sum.\ndef add(a, b):\n\n    \"\"\"Sums up.\"\"\"\n    return a+b", "plus", "reference")]
    [InlineData("Examples come first. Write a function that adds two numbers, and returns the sum of both. Be quick.", null, "add", "entry point")]
    [InlineData("Examples come first. Write a function that adds two numbers, and returns the sum of both. Be quick.", null, "plus", null)]
    [InlineData("Write a function that finds the longest word of a text.", null, "add", null)]
    [InlineData("Subtract.", "def sub(a, b):\n    return a - b", "sub", null)]
    public void Problems_are_the_same_by_statement_reference_or_name_and_much_of_the_statement(string statement, string? reference, string entry, string? by)
    {
        var pairs = ProblemOverlap.Find([One], [Of("other", "Nothing alike."), Of("b/9", statement, reference, entry)]);
        Assert.Equal(by is null ? [] : [new ProblemOverlap.Pair("a/1", "b/9", by)], pairs);
    }

    [Fact]
    public void Shipped_splits_share_no_problem()
    {
        foreach (var (first, second) in ((string, string)[])[("train", "test"), ("train", "validation"), ("validation", "test")])
        {
            Assert.Empty(ProblemOverlap.Find(Laboratory.Nano(first), Laboratory.Nano(second)));
            Assert.Empty(ProblemOverlap.Find(Laboratory.Micro(first), Laboratory.Micro(second)));
        }
    }

    [Theory]
    [InlineData("humanevalpack/humanevalpack_python.jsonl.gz", "humaneval/HumanEval.jsonl.gz", 123)]
    [InlineData("humanevalpack/humanevalpack_python.jsonl.gz", "evalplus/HumanEvalPlus.jsonl.gz", 123)]
    [InlineData("debugbench/python3_double.json.gz", "leetcode/LeetCodeDataset-v0.2.0-train.jsonl.gz", 140)]
    [InlineData("humaneval/HumanEval.jsonl.gz", "mbpp/mbpp.jsonl", 0)]
    public void Public_sets_that_share_problems_are_found_out(string first, string second, int atLeast)
    {
        string[] paths = [.. new[] { first, second }.Select(n => Home.File("..", "shared", "data", n))];
        Assert.SkipUnless(paths.All(File.Exists), $"{paths[0]} or {paths[1]} is absent: put the public data beside the repository to run this test.");
        var pairs = ProblemOverlap.Find(paths[0], paths[1]);
        Assert.InRange(pairs.DistinctBy(p => p.First).Count(), atLeast, atLeast == 0 ? 0 : int.MaxValue);
        if (first.StartsWith("debugbench", StringComparison.Ordinal))
            Assert.All(pairs, p => Assert.Equal(p.Second, p.First.Split('#')[0]));
    }
}
