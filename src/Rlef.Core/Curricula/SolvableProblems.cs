using Rlef.Experience;
using Rlef.Problems;

namespace Rlef.Curricula;

/// <summary>
/// As <see cref="ShuffledProblems"/>, but only problems with 0 &lt; solved &lt; played, once they were played often enough: where all are paid the same there is
/// nothing to learn (dynamic sampling: DAPO, arXiv 2503.14476, section 3.2, here by what was measured before instead of by playing more).
/// </summary>
public sealed record SolvableProblems : ICurriculum
{
    /// <summary>Episodes after which a problem may be passed over.</summary>
    public int Episodes { get; init; } = 8;

    /// <summary>Every so many rounds problems are drawn from all again, since the policy changes.</summary>
    public int Revisit { get; init; } = 10;

    public bool SelectsBySuccess => true;

    public void Check()
    {
        if (Episodes < 1 || Revisit < 1)
            throw new ArgumentException($"The settings curriculum.episodes and curriculum.revisit must be at least 1, not {Episodes} and {Revisit}.");
    }

    public IReadOnlyList<int> Next(ProblemSet problems, RunMemory memory, ulong seed, int count)
    {
        var all = memory.Rounds % Revisit == Revisit - 1 || !Enumerable.Range(0, problems.Count).Any(IsOpen);
        List<int> next = [];
        foreach (var problem in ShuffledProblems.Order(problems.Count, seed, memory.Place / problems.Count).Skip((int)(memory.Place % problems.Count)))
        {
            if (next.Count == count)
                break;
            memory.Place++;
            if (all || IsOpen(problem))
                next.Add(problem);
        }
        return next;

        bool IsOpen(int problem) => memory.Problems.GetValueOrDefault(problems[problem].Id) is not { } record || record.Played < Episodes || (record.Solved > 0 && record.Solved < record.Played);
    }
}
