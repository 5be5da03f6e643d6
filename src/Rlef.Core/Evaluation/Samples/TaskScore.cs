using System.Collections.Immutable;
using Rlef.Execution;

namespace Rlef.Evaluation.Samples;

/// <summary>The samples of one problem.</summary>
/// <param name="Cluster"><see cref="Problems.Problem.Cluster"/></param>
/// <param name="N">Samples judged; those that the sandbox itself failed on are not counted.</param>
/// <param name="C">How many of them are accepted.</param>
/// <param name="PublicPassed">How many of them pass the public tests.</param>
/// <param name="Verdicts">In the order of the samples.</param>
/// <param name="Failures">Why samples were not accepted, by their 0-based place in that order; empty unless asked for.</param>
public sealed record TaskScore(string TaskId, string Cluster, int N, int C, int PublicPassed, ImmutableArray<VerdictKind> Verdicts,
    ImmutableArray<(int Sample, SampleFailure Failure)> Failures);
