using Rlef.Experience;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Curricula;

/// <summary>Passes over all problems, each in a random order of its own: what is usual for epochs over a data set; no paper's.</summary>
public sealed record ShuffledProblems : ICurriculum
{
    public IReadOnlyList<int> Next(ProblemSet problems, RunMemory memory, ulong seed, int count)
    {
        var first = (long)memory.Rounds * count;
        return [.. Order(problems.Count, seed, first / problems.Count).Skip((int)(first % problems.Count)).Take(count)];
    }

    /// <summary>The endless order, from the start of a pass on.</summary>
    internal static IEnumerable<int> Order(int problems, ulong seed, long pass)
    {
        for (; ; pass++)
        {
            var order = Enumerable.Range(0, problems).ToArray();
            RandomStream.For(seed, (long)Draw.Problems, pass).Shuffle<int>(order);
            foreach (var problem in order)
                yield return problem;
        }
    }
}
