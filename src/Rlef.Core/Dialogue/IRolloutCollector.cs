using System.Collections.Immutable;

namespace Rlef.Dialogue;

/// <summary>A policy that plays episodes: by its own weights, or behind a server.</summary>
public interface IRolloutCollector
{
    /// <param name="ended">Hears of each episode once, when it and its verdicts are complete.</param>
    /// <returns>Episodes in the order of the requests.</returns>
    Task<ImmutableArray<Episode>> CollectAsync(IReadOnlyList<RolloutRequest> requests, ulong seed, RolloutOptions options,
        IProgress<Episode>? ended = null, CancellationToken cancellation = default);
}
