using Rlef.Randomness;

namespace Rlef.Experience;

/// <summary>
/// D_u = <c>draw</c> of <c>size</c> episodes, without replacement, that the policy played before it learned: the first update plays them, and nothing is ever played again (the
/// offline arm of RLTF table 4; CodeRL, arXiv 2207.01780).
/// </summary>
public sealed record OfflineExperience : IExperience
{
    /// <summary>Episodes played. With 0 the references alone are learned from, which is supervised training (RLTF table 5's "SL only").</summary>
    public int Size { get; init; } = 2048;

    /// <summary>Episodes that an update learns from, drawn without replacement.</summary>
    public int Draw { get; init; } = 128;

    int? IExperience.Played => Size;
    int? IExperience.Learned => Size == 0 ? 0 : Draw;

    public void Check()
    {
        if (Draw < 1 || Size < 0 || Size > 0 && Size < Draw)
            throw new ArgumentException($"The {Size} episodes (experience.size) must be none or as many as an update draws at least, {Draw} (experience.draw), and that one or more.");
    }

    public bool WantsMore(RunMemory memory, int rounds) => memory.Buffer.Count < Size;

    public void Remember(RunMemory memory, IReadOnlyList<TrainingSequence> fresh) => memory.Buffer.AddRange(fresh.Take(Size - memory.Buffer.Count));

    public IReadOnlyList<TrainingSequence> Recall(RunMemory memory, IReadOnlyList<TrainingSequence> fresh, RandomStream random) => memory.Sample(Draw, random);
}
