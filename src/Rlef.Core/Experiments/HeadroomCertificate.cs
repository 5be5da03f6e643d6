using System.Collections.Immutable;
using Rlef.Evaluation;

namespace Rlef.Experiments;

/// <summary>What a problem set leaves to learn: the best that a policy could do, and what the base policy does.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Problems">How many problems were looked at.</param>
/// <param name="FirstCeiling">Share of problems that the best possible first program solves, for it cannot know what a statement leaves open.</param>
/// <param name="ThirdCeiling">Share that the best possible dialogue of three turns solves.</param>
/// <param name="Pass1">pass@1 of the base policy, with an interval over the cores that the problems share.</param>
/// <param name="Pass10">pass@10 of the base policy.</param>
/// <param name="FailsPrivately">Of the base policy's programs that pass the public tests, the share that fails a private one; null where none passes.</param>
/// <param name="UnseenBugs">Of broken references, the share that passes the public tests; all of them fail a private one. Null where there is none.</param>
/// <param name="ByFamily">pass@1 and pass@10 of the base policy by family.</param>
public sealed record HeadroomCertificate(string Set, int Problems, double FirstCeiling, double ThirdCeiling, Interval Pass1, Interval Pass10,
    double? FailsPrivately, double? UnseenBugs, ImmutableSortedDictionary<string, (double Pass1, double Pass10)> ByFamily)
{
    /// <summary>A base policy above this share of the ceiling leaves too little to learn.</summary>
    public const double MostOfCeiling = 0.6;

    public bool HasHeadroom => Pass1.Estimate <= MostOfCeiling * FirstCeiling;
}
