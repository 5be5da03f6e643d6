using Rlef.Execution;

namespace Rlef.Notebooks;

/// <summary>What the judge said of a program, as a transcript shows it.</summary>
/// <param name="Tests">Which tests, for instance <c>public</c>.</param>
/// <param name="Kind">The verdict that takes precedence over the others.</param>
public sealed record VerdictBadge(string Tests, VerdictKind Kind, int Passed, int Total)
{
    public static VerdictBadge Of(string tests, Judgement judgement) => new(tests, judgement.Kind, judgement.Passed, judgement.TestCount);
}
