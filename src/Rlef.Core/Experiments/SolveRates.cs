using Rlef.Evaluation;

namespace Rlef.Experiments;

/// <summary>What RLEF's tables 1 and 2 compare for one policy: one program, three independent programs, and one dialogue of three turns.</summary>
/// <param name="First">1@1: the first program.</param>
/// <param name="SingleTurn">1@3 single-turn: one of three independent programs, chosen by the public tests.</param>
/// <param name="MultiTurn">1@3 multi-turn: a dialogue of at most three turns.</param>
public sealed record SolveRates(Interval First, Interval SingleTurn, Interval MultiTurn)
{
    public static SolveRates Of(params IReadOnlyList<EvaluationResult> seeds) => new(
        Estimates.Mean([.. seeds.Select(r => r.MultiTurn(1))]),
        Estimates.Mean([.. seeds.Select(r => r.SingleTurn(1, 3))]),
        Estimates.Mean([.. seeds.Select(r => r.MultiTurn(3))]));
}
