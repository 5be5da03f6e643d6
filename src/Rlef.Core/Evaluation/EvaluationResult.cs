using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Evaluation;

/// <summary>
/// What a set of episodes says. One set answers for every smaller turn limit too, since an episode stops at its first public success; and its
/// first turns are independent single-turn samples. A problem of which so few dialogues say something of the policy that a budget cannot be drawn is not in its scores.
/// </summary>
public sealed class EvaluationResult
{
    readonly ImmutableArray<EpisodeOutcome>[] problems;

    /// <param name="episodes">The same number for each problem. Masked and silent ones are left out.</param>
    public EvaluationResult(IEnumerable<Episode> episodes) : this([.. episodes]) { }

    EvaluationResult(ImmutableArray<Episode> episodes) : this(episodes.Select(EpisodeOutcome.Of)) => Episodes = episodes;

    /// <param name="outcomes">The same number for each problem. Masked and silent ones are left out.</param>
    public EvaluationResult(IEnumerable<EpisodeOutcome> outcomes)
    {
        Outcomes = [.. outcomes];
        problems = [.. Outcomes.GroupBy(e => e.Problem).Select(g => g.Where(e => e.Counts).ToImmutableArray()).Where(g => !g.IsEmpty)];
    }

    /// <summary>Empty where only their outcomes were kept.</summary>
    public ImmutableArray<Episode> Episodes { get; } = [];

    public ImmutableArray<EpisodeOutcome> Outcomes { get; }

    /// <summary>Most dialogues that were judged of a problem.</summary>
    public int Samples => problems.Select(p => p.Length).DefaultIfEmpty().Max();

    /// <summary>The same for some of the problems.</summary>
    public EvaluationResult Of(Func<Problem, bool> which) => new(Episodes.Where(e => which(e.Problem)));

    /// <summary>1@t multi-turn: for each problem the share of dialogues of at most <paramref name="turns"/> turns that end solved.</summary>
    public Scores MultiTurn(int turns) => Score(1, p => p.Average(e => e.SolvedWithin(turns) ? 1.0 : 0));

    /// <summary>
    /// n@k of dialogues (RLEF section 3.1): every turn that a dialogue may have counts as one of the k, so k is worth k / turns dialogues, of whose last
    /// programs n are chosen by the public tests.
    /// </summary>
    public Scores MultiTurn(int turns, int n, int k) => Score(k / turns, p => NAtK(p, turns, n, k / turns));

    /// <summary>n@k single-turn: for each problem, over draws of k first turns.</summary>
    public Scores SingleTurn(int n, int k) => Score(k, p => NAtK(p, 1, n, k));

    /// <summary>For each problem the share of first programs with this verdict on the public tests.</summary>
    public Scores First(VerdictKind verdict) => Score(1, p => p.Average(e => e.Turns[0] == verdict ? 1.0 : 0));

    /// <summary>Of the responses that follow one that does not pass the public tests, within so many turns, the share that does (RLEF, figure 3); null where none follows one.</summary>
    /// <param name="after">Verdict on the response before; null for all that do not pass.</param>
    /// <remarks>
    /// A ratio of two sums over problems. A problem's score is what it adds to the ratio in first order (Taylor linearisation): the scores' mean is the ratio, and differences and
    /// intervals are those of any other score. A problem that leaves nothing to repair has the ratio itself.
    /// </remarks>
    public Scores? Repairs(int turns, VerdictKind? after = null)
    {
        double Following(ImmutableArray<EpisodeOutcome> dialogues) => dialogues.Average(e => Steps(e).Count());
        double Passing(ImmutableArray<EpisodeOutcome> dialogues) => dialogues.Average(e => Steps(e).Count(s => s.Now == VerdictKind.Accepted));

        var following = problems.Select(Following).DefaultIfEmpty().Average();
        var ratio = problems.Select(Passing).DefaultIfEmpty().Average() / following;
        return following == 0 ? null : Score(1, p => ratio + (Passing(p) - ratio * Following(p)) / following);

        // A dialogue goes on after failures alone.
        IEnumerable<(VerdictKind? Before, VerdictKind? Now)> Steps(EpisodeOutcome e) => e.Turns.Take(turns).Zip(e.Turns.Take(turns).Skip(1)).Where(s => after is null || s.First == after);
    }

    static double NAtK(ImmutableArray<EpisodeOutcome> dialogues, int turns, int n, int k) =>
        SolveRate.NAtK(dialogues.Length, dialogues.Count(e => e.PassedWithin(turns)), dialogues.Count(e => e.SolvedWithin(turns)), n, k);

    Scores Score(int needed, Func<ImmutableArray<EpisodeOutcome>, double> score)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(needed, 1);
        var able = problems.Where(p => p.Length >= needed).ToList();
        return able.Count > 0 ? new(able.Select(p => (p[0].Problem, p[0].Cluster, score(p))))
            : throw new ArgumentException($"No problem has the {needed} judged dialogues that this budget needs: play more.");
    }
}
