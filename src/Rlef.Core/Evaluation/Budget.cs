using System.Globalization;

namespace Rlef.Evaluation;

/// <summary>How often problems are solved when k answers may be written and n of them handed in (RLEF section 3.1).</summary>
/// <param name="MultiTurn">Whether the answers belong to dialogues; otherwise each is a first answer.</param>
public sealed record Budget(bool MultiTurn, int N, int K, Interval Rate)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{(MultiTurn ? "multi" : "single")}-turn {N}@{K}");

    /// <summary>Every budget that an evaluation has dialogues enough for: 1@1; single-turn n@k; dialogues of each number of turns; and n@k of several dialogues.</summary>
    /// <param name="turns">Turn limit that the dialogues were played with.</param>
    /// <param name="ks">Answers that may be written.</param>
    public static IEnumerable<Budget> Of(EvaluationResult result, int turns, IReadOnlyCollection<int> ks)
    {
        yield return new(false, 1, 1, result.MultiTurn(1));
        foreach (var (n, k) in Chosen(ks, k => k, result.Samples))
            yield return new(false, n, k, result.SingleTurn(n, k));
        for (var turn = 2; turn <= turns; turn++)
            yield return new(true, 1, turn, result.MultiTurn(turn));
        if (turns > 1)
            foreach (var (n, k) in Chosen(ks, k => k / turns, result.Samples))
                yield return new(true, n, k, result.MultiTurn(turns, n, k));
    }

    Budget(bool multiTurn, int n, int k, Scores scores) : this(multiTurn, n, k, Estimates.Mean(scores)) { }

    // Of one program there is nothing to choose.
    static IEnumerable<(int N, int K)> Chosen(IEnumerable<int> ks, Func<int, int> programs, int most) =>
        from k in ks.Distinct().Order()
        where programs(k) > 1 && programs(k) <= most
        from n in (int[])[1, 10]
        where n == 1 || n < programs(k)
        select (n, k);
}
