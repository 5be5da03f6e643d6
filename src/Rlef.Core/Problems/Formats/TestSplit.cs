using System.Collections.Immutable;

namespace Rlef.Problems.Formats;

/// <summary>Public and private tests for sets that do not have both: the first test becomes public, and a lone test serves as both.</summary>
static class TestSplit
{
    public static (ImmutableArray<TestCase> Public, ImmutableArray<TestCase> Private) Of(ImmutableArray<TestCase> shown, ImmutableArray<TestCase> hidden) =>
        (shown.Length, hidden.Length) switch
        {
            (0, 0) => (shown, hidden),
            (0, 1) => (hidden, hidden),
            (_, 0) => (shown, shown),
            (0, _) => (hidden[..1], hidden[1..]),
            _ => (shown, hidden),
        };

    public static (ImmutableArray<TestCase> Public, ImmutableArray<TestCase> Private) First(ImmutableArray<TestCase> tests, int shown) =>
        Of(tests[..shown], tests[shown..]);
}
