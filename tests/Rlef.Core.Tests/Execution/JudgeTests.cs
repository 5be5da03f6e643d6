using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

public sealed class JudgeTests(Sandboxes sandboxes)
{
    static readonly Problem Sum = new() { Id = "sum", Statement = "Add two numbers.", PublicTests = [new("3 4\n", "7\n")], PrivateTests = [] };

    [Fact]
    public async Task No_tests_prove_nothing() =>
        await Assert.ThrowsAsync<ArgumentException>(() => sandboxes.Judge().JudgeAsync("print(7)", Sum, []));

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
    [InlineData(Comparison.Value, "true", "1", true)]
    [InlineData(Comparison.Value, "true", "2", false)]
    [InlineData(Comparison.Value, "123456789012345678901", "123456789012345678902", false)]
    public void Outputs_are_compared_in_full(Comparison comparison, string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(comparison, actual, expected));
}
