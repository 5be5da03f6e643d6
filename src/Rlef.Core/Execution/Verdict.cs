using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>The judge's decision on one test.</summary>
/// <param name="Output">What the program wrote, or the beginning of it: at most 65,536 characters.</param>
public sealed record Verdict(VerdictKind Kind, TestCase Test, string Output, ProgramError? Error, TimeSpan Cpu)
{
    const int LongestOutput = 64 << 10;

    /// <summary>As much of an output as is kept once nothing is compared with it: a flood in each of many tests would fill the memory.</summary>
    internal static string Beginning(string output) =>
        output.Length <= LongestOutput ? output : output[..(char.IsHighSurrogate(output[LongestOutput - 1]) ? LongestOutput - 1 : LongestOutput)];
}
