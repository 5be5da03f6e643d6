using System.Collections.Immutable;
using Rlef.Execution;

namespace Rlef.Evaluation.Samples;

/// <summary>The samples of one problem.</summary>
/// <param name="N">Samples judged; those that the sandbox itself failed on are not counted.</param>
/// <param name="C">How many of them are accepted.</param>
/// <param name="PublicPassed">How many of them pass the public tests.</param>
/// <param name="Verdicts">In the order of the samples.</param>
public sealed record TaskScore(string TaskId, int N, int C, int PublicPassed, ImmutableArray<VerdictKind> Verdicts);
