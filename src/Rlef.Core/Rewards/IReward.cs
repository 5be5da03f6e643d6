using Rlef.Dialogue;

namespace Rlef.Rewards;

/// <summary>Decides what an episode pays.</summary>
public interface IReward
{
    string Name { get; }

    /// <summary>Whether the private tests have to be run even if a public one failed.</summary>
    bool NeedsEveryTest { get; }

    /// <param name="episode">Not masked: a failure of the sandbox is never a reward.</param>
    EpisodeReward Score(Episode episode);
}
