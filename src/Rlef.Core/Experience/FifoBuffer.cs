using Rlef.Randomness;

namespace Rlef.Experience;

/// <summary>
/// D_u = <c>draw</c> of the newest <c>capacity</c> episodes, without replacement: RLTF's online buffer (arXiv 2307.04349, section 3.2), in which each round drives out as many of
/// the oldest as it plays. Learning begins when the buffer is full.
/// </summary>
/// <remarks>Deviation: the paper's generator runs beside the trainer and its buffer is read again every 50 steps; here a round of play and an update alternate.</remarks>
public sealed record FifoBuffer : IExperience
{
    /// <summary>Episodes kept; 6,400 in the paper.</summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>Episodes that an update learns from, drawn without replacement.</summary>
    public int Draw { get; init; } = 128;

    int? IExperience.Learned => Draw;

    int IExperience.FirstRounds(int episodes) => (Capacity + episodes - 1) / episodes;

    public void Check()
    {
        if (Draw < 1 || Capacity < Draw)
            throw new ArgumentException($"The buffer of {Capacity} episodes (experience.capacity) must hold the {Draw} that an update draws (experience.draw), and that one at least.");
    }

    public bool WantsMore(RunMemory memory, int rounds) => rounds == 0 || memory.Buffer.Count < Capacity;

    public void Remember(RunMemory memory, IReadOnlyList<TrainingSequence> fresh)
    {
        memory.Buffer.AddRange(fresh);
        memory.Buffer.RemoveRange(0, Math.Max(0, memory.Buffer.Count - Capacity));
    }

    public IReadOnlyList<TrainingSequence> Recall(RunMemory memory, IReadOnlyList<TrainingSequence> fresh, RandomStream random) => memory.Sample(Draw, random);
}
