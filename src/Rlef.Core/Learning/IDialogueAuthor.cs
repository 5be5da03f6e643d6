using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Learning;

/// <summary>Writes the programs of one dialogue that a policy is to imitate.</summary>
public interface IDialogueAuthor
{
    /// <param name="IsLearned">Whether the policy is to imitate it, or only to see it.</param>
    /// <param name="IsLast">Whether the dialogue ends with it, whatever the judge would say.</param>
    record Attempt(string Program, bool IsLearned = true, bool IsLast = false);

    Problem Problem { get; }

    /// <param name="seen">Verdicts on the attempt before, by the public tests; null before the first.</param>
    Attempt Next(Judgement? seen, ref RandomStream random);
}
