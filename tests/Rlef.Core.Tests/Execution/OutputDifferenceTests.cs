using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

public sealed class OutputDifferenceTests
{
    static readonly Problem Problem = new() { Id = "p", Statement = "", PublicTests = [], PrivateTests = [] };

    [Theory]
    // What is between the brackets differs.
    [InlineData(Comparison.Tokens, "1 2\n[30] 4", "1  2 [31] 4\n")]
    [InlineData(Comparison.Tokens, "1 2 [3]", "1 2[]")]
    [InlineData(Comparison.Tokens, "1[]", "1\n[2] 3")]
    [InlineData(Comparison.Float, "0.5 [0.25]", "0.5000001 [0.26]")]
    [InlineData(Comparison.Exact, "a[ ]b", "a[\n]b")]
    [InlineData(Comparison.Exact, "é🙂[c]", "é🙂[d]")]
    public void The_first_word_or_character_that_counts_as_different_is_found(Comparison comparison, string expected, string actual)
    {
        var found = OutputDifference.Find(Problem with { Comparison = comparison }, Plain(expected), Plain(actual))!.Value;
        Assert.Equal((Marked(expected), Marked(actual)), (found.Expected, found.Actual));
    }

    [Fact]
    public void In_values_a_number_goes_whole()
    {
        var problem = Problem with { EntryPoint = "f", Comparison = Comparison.Value };
        Assert.Equal(new((4, 8), (4, 6)), OutputDifference.Find(problem, "[1, 2.75]", "[1, 31]"));
        Assert.Equal(new((4, 9), (4, 9)), OutputDifference.Find(problem, "[1, -2.75]", "[1, -2.76]"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("f")]
    public void In_a_long_word_it_is_the_first_character(string? call)
    {
        var problem = Problem with { EntryPoint = call };
        Assert.Equal(new((60, 61), (60, 61)), OutputDifference.Find(problem, new string('1', 60) + "23", new string('1', 60) + "3"));
    }

    [Fact]
    public void Texts_without_a_difference_have_none()
    {
        Assert.Null(OutputDifference.Find(Problem, "1 2", "1 2"));
        Assert.Null(OutputDifference.Find(Problem with { Comparison = Comparison.Checker }, "1 2", "1 2"));
    }

    static string Plain(string text) => text.Replace("[", "").Replace("]", "");
    static (int, int) Marked(string text) => (text.IndexOf('['), text.IndexOf(']') - 1);
}
