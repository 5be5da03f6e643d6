using Rlef.Execution;

namespace Rlef.Notebooks;

/// <summary>What the judge said of a program, as a transcript shows it.</summary>
/// <param name="Tests">Which tests, for instance <c>public</c>.</param>
/// <param name="Kind">The verdict that takes precedence over the others; null where the response had no program.</param>
/// <param name="Total">How many tests there were; 0 where that was not kept.</param>
public sealed record VerdictBadge(string Tests, VerdictKind? Kind, int Passed = 0, int Total = 0)
{
    public static VerdictBadge Of(string tests, Judgement judgement) => new(tests, judgement.Kind, judgement.Passed, judgement.TestCount);
}
