using System.Collections.Immutable;

namespace Rlef.Execution;

/// <summary>The judge's decision on a program: verdicts in the order of the tests, fewer than the tests if judging stopped early.</summary>
/// <param name="TestCount">Number of tests asked for.</param>
public sealed record Judgement(ImmutableArray<Verdict> Verdicts, int TestCount)
{
    /// <summary>The verdict that takes precedence over the others.</summary>
    public VerdictKind Kind => Verdicts.Max(v => v.Kind);

    /// <summary>Number of tests accepted.</summary>
    public int Passed => Verdicts.Count(v => v.Kind == VerdictKind.Accepted);

    /// <summary>Whether every test was run and accepted.</summary>
    public bool Accepted => Passed == TestCount;
}
