namespace Rlef.Evaluation;

/// <summary>How often problems are solved when k answers may be written and n of them handed in (RLEF section 3.1).</summary>
/// <param name="Name">Such as <c>1@1</c>, <c>1@3 single-turn</c>, <c>1@3 multi-turn</c> and <c>1@10 in dialogues of 3</c>.</param>
public sealed record Budget(string Name, Interval Rate)
{
    /// <summary>One program.</summary>
    public const string First = "1@1";

    /// <summary>Answers that are first answers each.</summary>
    public static string SingleTurn(int n, int k) => $"{n}@{k} single-turn";

    /// <summary>One dialogue.</summary>
    public static string MultiTurn(int turns) => $"1@{turns} multi-turn";

    /// <summary>Answers that belong to several dialogues.</summary>
    public static string InDialogues(int turns, int n, int k) => $"{n}@{k} in dialogues of {turns}";

    /// <summary>Every budget that an evaluation has dialogues enough for: 1@1; single-turn n@k; dialogues of each number of turns; and n@k of several dialogues.</summary>
    /// <param name="turns">Turn limit that the dialogues were played with.</param>
    /// <param name="ks">Answers that may be written.</param>
    public static IEnumerable<Budget> Of(EvaluationResult result, int turns, IReadOnlyCollection<int> ks)
    {
        yield return new(First, result.MultiTurn(1));
        foreach (var (n, k) in Chosen(ks, k => k, result.Samples))
            yield return new(SingleTurn(n, k), result.SingleTurn(n, k));
        for (var turn = 2; turn <= turns; turn++)
            yield return new(MultiTurn(turn), result.MultiTurn(turn));
        if (turns > 1)
            foreach (var (n, k) in Chosen(ks, k => k / turns, result.Samples))
                yield return new(InDialogues(turns, n, k), result.MultiTurn(turns, n, k));
    }

    Budget(string name, Scores scores) : this(name, Estimates.Mean(scores)) { }

    // Of one program there is nothing to choose.
    static IEnumerable<(int N, int K)> Chosen(IEnumerable<int> ks, Func<int, int> programs, int most) =>
        from k in ks.Distinct().Order()
        where programs(k) > 1 && programs(k) <= most
        from n in (int[])[1, 10]
        where n == 1 || n < programs(k)
        select (n, k);
}
