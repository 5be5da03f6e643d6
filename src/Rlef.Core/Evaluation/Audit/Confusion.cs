namespace Rlef.Evaluation.Audit;

/// <summary>How often judge and oracle accept the same programs.</summary>
public sealed record Confusion(int BothAccept, int BothReject, int OnlyJudgeAccepts, int OnlyOracleAccepts)
{
    /// <summary>Of the trials that both have decided.</summary>
    public static Confusion Of(IEnumerable<Trial> trials)
    {
        var counts = trials.Where(t => t.Decided).CountBy(t => (Judge: t.Accepted, Oracle: t.Oracle!.Passed == true)).ToDictionary();
        return new(Count(true, true), Count(false, false), Count(true, false), Count(false, true));

        int Count(bool judge, bool oracle) => counts.GetValueOrDefault((judge, oracle));
    }

    public int Trials => BothAccept + BothReject + OnlyJudgeAccepts + OnlyOracleAccepts;

    /// <summary>Share of the programs rejected by the oracle that the judge accepts: reward paid wrongly.</summary>
    public Interval FalseAccepts => Proportion.Wilson(OnlyJudgeAccepts, OnlyJudgeAccepts + BothReject);

    /// <summary>Share of the programs accepted by the oracle that the judge rejects: reward withheld wrongly.</summary>
    public Interval FalseRejects => Proportion.Wilson(OnlyOracleAccepts, OnlyOracleAccepts + BothAccept);
}
