using System.Text.Json.Nodes;
using Rlef.Dialogue;

namespace Rlef.Rewards;

/// <summary>Decides what an episode pays.</summary>
public interface IReward
{
    string Name { get; }

    /// <summary>Whether the private tests have to be run even if a public one failed.</summary>
    bool NeedsEveryTest { get; }

    /// <summary>Whether what it pays single tokens is the weight of their loss, as RLTF's fine feedback, and no part of a return.</summary>
    bool WeighsTokens => false;

    /// <param name="episode">Not masked: a failure of the sandbox is never a reward.</param>
    EpisodeReward Score(Episode episode);

    /// <exception cref="ArgumentException">Dialogues may have more turns than it can pay.</exception>
    void CheckTurns(int turnLimit)
    {
    }

    /// <summary>Called once an update has learned from the episodes that it played, for rewards that are fitted to what policies do.</summary>
    /// <param name="episodes">None of them masked.</param>
    void Fit(IReadOnlyList<Episode> episodes)
    {
    }

    /// <summary>What fitting has led to, as part of every checkpoint; null where nothing is fitted.</summary>
    JsonNode? State
    {
        get => null;
        set { }
    }
}
