using Rlef.Problems;

namespace Rlef.Dialogue;

/// <summary>An episode to play.</summary>
/// <param name="Key">Keys the episode's random stream within a run, for example update, problem and sample.</param>
public sealed record RolloutRequest(Problem Problem, int Sample, params long[] Key)
{
    /// <summary>By default the problem's own.</summary>
    public RolloutStart Start { get; init; } = RolloutStart.Of(Problem);
}
