using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>The judge's decision on one test.</summary>
/// <param name="Output">What the program wrote, bounded.</param>
public sealed record Verdict(VerdictKind Kind, TestCase Test, string Output, ProgramError? Error, TimeSpan Cpu);
