using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>
/// A = 1 for every token, whatever became of it: no reward is read. With imitation of what the policy wrote itself, from the likeliest tokens alone
/// (<see cref="Objectives.SupervisedObjective.TopP"/>), this is simple self-distillation (Zhang et al. 2026, arXiv 2604.01193): the control that tells what judging
/// programs adds to sharpening.
/// </summary>
public sealed record UnjudgedAdvantage : IAdvantage
{
    public ValueSites Sites => ValueSites.None;

    public bool IsFlat(IReadOnlyList<TrainingSequence> batch) => false;

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        foreach (var sequence in batch)
            Array.Fill(sequence.Advantages, 1);
    }
}
