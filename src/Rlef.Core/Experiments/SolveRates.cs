using Rlef.Evaluation;

namespace Rlef.Experiments;

/// <summary>What RLEF's tables 1 and 2 compare for one policy: one program, three independent programs, and one dialogue of three turns.</summary>
/// <param name="First">1@1: the first program.</param>
/// <param name="SingleTurn">1@3 single-turn: one of three independent programs, chosen by the public tests.</param>
/// <param name="MultiTurn">1@3 multi-turn: a dialogue of at most three turns.</param>
public sealed record SolveRates(Interval First, Interval SingleTurn, Interval MultiTurn)
{
    public static SolveRates Of(params IReadOnlyList<EvaluationResult> seeds) => Of(score => Estimates.Mean([.. seeds.Select(score)]));

    /// <summary>What training changed, paired by problem.</summary>
    public static SolveRates Change(EvaluationResult before, IReadOnlyList<EvaluationResult> after) =>
        Of(score => Estimates.Difference([.. after.Select(score)], [.. after.Select(_ => score(before))]));

    static SolveRates Of(Func<Func<EvaluationResult, Scores>, Interval> estimate) => new(estimate(r => r.MultiTurn(1)), estimate(r => r.SingleTurn(1, 3)), estimate(r => r.MultiTurn(3)));
}
