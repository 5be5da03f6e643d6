using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Problems;

namespace Rlef.Evaluation;

/// <summary>
/// What a set of episodes says. One set answers for every smaller turn limit too, since an episode stops at its first public success; and its
/// first turns are independent single-turn samples.
/// </summary>
public sealed class EvaluationResult
{
    readonly ImmutableArray<Episode>[] problems;

    /// <param name="episodes">Episodes with the same number of samples for each problem. Masked ones are left out.</param>
    public EvaluationResult(IEnumerable<Episode> episodes)
    {
        Episodes = [.. episodes];
        problems = [.. Episodes.GroupBy(e => e.Problem.Id).Select(g => g.Where(e => !e.Masked).ToImmutableArray()).Where(g => !g.IsEmpty)];
    }

    public ImmutableArray<Episode> Episodes { get; }

    /// <summary>The same for some of the problems.</summary>
    public EvaluationResult Of(Func<Problem, bool> which) => new(Episodes.Where(e => which(e.Problem)));

    /// <summary>1@t multi-turn: for each problem the share of dialogues of at most <paramref name="turns"/> turns that end solved.</summary>
    public double[] MultiTurn(int turns) => [.. problems.Select(p => p.Average(e => e.Solved && e.Turns.Length <= turns ? 1.0 : 0))];

    /// <summary>n@k single-turn: for each problem, over draws of k first turns.</summary>
    public double[] SingleTurn(int n, int k) => [.. problems.Select(p => SolveRate.NAtK(p.Length, p.Count(FirstPassed),
        p.Count(e => FirstPassed(e) && e.Solved), n, Math.Min(k, p.Length)))];

    static bool FirstPassed(Episode episode) => episode.Turns[0].Public is { Accepted: true };
}
