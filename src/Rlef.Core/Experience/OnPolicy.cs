using Rlef.Randomness;

namespace Rlef.Experience;

/// <summary>D_u = the episodes that update u played: each learns from what was just played, and once (PPO, arXiv 1707.06347; RLEF, arXiv 2410.02089, appendix A.1).</summary>
public sealed record OnPolicy : IExperience
{
    public bool WantsMore(RunMemory memory, int rounds) => rounds == 0;

    public void Remember(RunMemory memory, IReadOnlyList<TrainingSequence> fresh)
    {
    }

    public IReadOnlyList<TrainingSequence> Recall(RunMemory memory, IReadOnlyList<TrainingSequence> fresh, RandomStream random) => fresh;
}
