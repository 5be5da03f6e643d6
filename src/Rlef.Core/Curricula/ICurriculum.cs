using System.Text.Json.Serialization;
using Rlef.Experience;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Curricula;

/// <summary>Which problems are played next.</summary>
[Arm("shuffled", typeof(ShuffledProblems))]
[Arm("solvable", typeof(SolvableProblems))]
[JsonConverter(typeof(Arm<ICurriculum>))]
public interface ICurriculum
{
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    void Check()
    {
    }

    /// <summary>Whether it passes over problems by how often they were solved, so that the share that is solved says little of the policy.</summary>
    bool SelectsBySuccess => false;

    /// <param name="memory">Knows the round and how often each problem was solved; a curriculum that passes over problems moves its <see cref="RunMemory.Place"/>.</param>
    /// <param name="count">Problems wanted.</param>
    /// <returns>Indices into the set.</returns>
    IReadOnlyList<int> Next(ProblemSet problems, RunMemory memory, ulong seed, int count);
}
