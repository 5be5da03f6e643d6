using Rlef.Execution;

namespace Rlef.Evaluation.Audit;

/// <summary>A mutant before judge and oracle.</summary>
/// <param name="Verdict">Accepted, or the judge's verdict on the first test that failed.</param>
/// <param name="PublicPassed">Whether the judge accepted it on all public tests.</param>
/// <param name="Fault">What the judge holds against it; null for an accepted one.</param>
/// <param name="Oracle">Null where the oracle was not asked.</param>
public sealed record Trial(Mutant Mutant, VerdictKind Verdict, bool PublicPassed, string? Fault, OracleAnswer? Oracle)
{
    public bool Accepted => Verdict == VerdictKind.Accepted;

    /// <summary>Whether judge and oracle both came to a decision.</summary>
    public bool Decided => Verdict != VerdictKind.InfrastructureError && Oracle?.Passed is not null;

    public bool Disagreed => Decided && Accepted != Oracle!.Passed;

    /// <summary>The share of which something is true, where mutants of one reference are one draw; not a number for none.</summary>
    public static Interval Share(IReadOnlyList<Trial> trials, Func<Trial, bool> which) => trials.Count == 0 ? new(double.NaN, double.NaN, double.NaN)
        : Estimates.Mean(new Scores(trials.Select((t, i) => ($"{i}", t.Mutant.Problem, which(t) ? 1.0 : 0))));
}
