using Rlef.Execution;

namespace Rlef.Evaluation.Samples;

/// <summary>What the judge said about one sample.</summary>
/// <param name="Verdict">Accepted, or the verdict on the first test that failed.</param>
/// <param name="PublicPassed">Whether all public tests were accepted.</param>
public readonly record struct SampleOutcome(VerdictKind Verdict, bool PublicPassed);
