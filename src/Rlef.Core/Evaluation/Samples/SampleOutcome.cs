using Rlef.Execution;

namespace Rlef.Evaluation.Samples;

/// <summary>What the judge said about one sample.</summary>
/// <param name="Verdict">Accepted, or the verdict on the test that decided; see <see cref="SampleScorer"/>.</param>
/// <param name="PublicPassed">Whether all public tests were accepted.</param>
/// <param name="Failure">Why it was not accepted, where that is asked for.</param>
/// <param name="Checker">How the problem's own checker fails, where it fails on the expected output too.</param>
public readonly record struct SampleOutcome(VerdictKind Verdict, bool PublicPassed, SampleFailure? Failure = null, string? Checker = null);
