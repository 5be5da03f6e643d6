using Rlef.Experience;
using Rlef.Problems;

namespace Rlef.Curricula;

/// <summary>
/// As <see cref="ShuffledProblems"/>, but problems that were never or always solved in enough episodes are passed over: where all are paid the same there is
/// nothing to learn (dynamic sampling: DAPO, arXiv 2503.14476, section 3.2, here by what was measured before instead of by playing more).
/// </summary>
public sealed record SolvableProblems : ICurriculum
{
    /// <summary>Episodes after which a problem may be passed over.</summary>
    public int Episodes { get; init; } = 8;

    /// <summary>Every so many rounds problems are drawn from all again, since the policy changes.</summary>
    public int Revisit { get; init; } = 10;

    public IReadOnlyList<int> Next(ProblemSet problems, RunMemory memory, ulong seed, int count)
    {
        var all = ((ICurriculum)new ShuffledProblems()).Next(problems, memory, seed, Math.Max(count, problems.Count)).Distinct();
        if (memory.Rounds % Revisit == Revisit - 1)
            return [.. all.Take(count)];
        var open = all.Where(p => memory.Problems.GetValueOrDefault(problems[p].Id) is not { } r || r.Played < Episodes || (r.Solved > 0 && r.Solved < r.Played)).ToList();
        return open.Count == 0 ? [.. all.Take(count)] : [.. Enumerable.Range(0, count).Select(i => open[i % open.Count])];
    }
}
