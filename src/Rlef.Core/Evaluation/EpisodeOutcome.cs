using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Evaluation;

/// <summary>What is left of an episode when it is scored.</summary>
/// <param name="Cluster"><see cref="Problem.Cluster"/></param>
/// <param name="Turns">Verdict on the public tests of each of the policy's own turns; null where the response held no code or was broken off.</param>
/// <param name="Private">Verdict on the private tests; null if they were not run.</param>
public sealed record EpisodeOutcome(string Problem, string Cluster, ImmutableArray<VerdictKind?> Turns, VerdictKind? Private)
{
    public static EpisodeOutcome Of(Episode episode) => new(episode.Problem.Id, episode.Problem.Cluster,
        [.. episode.Own.Select(t => t.Public?.Kind)], episode.Masked && !episode.Own.Any() ? VerdictKind.InfrastructureError : episode.Private?.Kind)
    { Broken = episode.Broken };

    /// <summary>Why a server broke the dialogue off, in its last turn; null if it came to its end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Breakage? Broken { get; init; }

    /// <summary>Whether the dialogue ends within so many turns with the public tests passed.</summary>
    public bool PassedWithin(int turns) => Turns.Length > 0 && Turns.Length <= turns && Turns[^1] == VerdictKind.Accepted;

    /// <summary>The same for all tests.</summary>
    public bool SolvedWithin(int turns) => PassedWithin(turns) && Private == VerdictKind.Accepted;

    /// <summary>Whether the sandbox or a server failed on the way.</summary>
    [JsonIgnore] public bool Masked => Broken?.SaysNothing() == true || Private == VerdictKind.InfrastructureError || Turns.Contains(VerdictKind.InfrastructureError);

    /// <summary>Whether the policy had no turn: what was given passes its public tests, or leaves no room for a response.</summary>
    [JsonIgnore] public bool Silent => !Masked && Turns.Length == 0;

    /// <summary>Whether it says something of the policy.</summary>
    [JsonIgnore] public bool Counts => !Masked && !Silent;
}
