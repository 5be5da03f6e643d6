namespace Rlef.Evaluation.Audit;

/// <summary>How often judge and oracle accept the same programs.</summary>
/// <param name="FalseAccepts">Share of the programs rejected by the oracle that the judge accepts: reward paid wrongly. Not a number where the oracle rejects none.</param>
/// <param name="FalseRejects">Share of the programs accepted by the oracle that the judge rejects: reward withheld wrongly. Not a number where the oracle accepts none.</param>
public sealed record Confusion(int BothAccept, int BothReject, int OnlyJudgeAccepts, int OnlyOracleAccepts, Interval FalseAccepts, Interval FalseRejects)
{
    /// <summary>Of the trials that both have decided. Intervals take mutants of one reference for one draw.</summary>
    public static Confusion Of(IEnumerable<Trial> trials)
    {
        var decided = trials.Where(t => t.Decided).ToLookup(t => t.Oracle!.Passed == true);
        List<Trial> right = [.. decided[true]], wrong = [.. decided[false]];
        var (paid, refused) = (wrong.Count(t => t.Accepted), right.Count(t => !t.Accepted));
        return new(right.Count - refused, wrong.Count - paid, paid, refused, Trial.Share(wrong, t => t.Accepted), Trial.Share(right, t => !t.Accepted));
    }

    public int Trials => BothAccept + BothReject + OnlyJudgeAccepts + OnlyOracleAccepts;
}
