using Rlef.Randomness;

namespace Rlef.Experience;

/// <summary>Each update learns from the episodes that were just played, once (PPO; RLEF appendix A.1).</summary>
public sealed record OnPolicy : IExperience
{
    public bool WantsMore(RunMemory memory, int rounds) => rounds == 0;

    public void Remember(RunMemory memory, IReadOnlyList<TrainingSequence> fresh)
    {
    }

    public IReadOnlyList<TrainingSequence> Recall(RunMemory memory, IReadOnlyList<TrainingSequence> fresh, RandomStream random) => fresh;
}
