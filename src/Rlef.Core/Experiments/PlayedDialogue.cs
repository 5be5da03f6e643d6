using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Learning;

namespace Rlef.Experiments;

/// <summary>A dialogue of an evaluation, as it is kept: what it is scored by, what it cost, and its words.</summary>
/// <param name="Sample">Tells apart the dialogues of one problem.</param>
public sealed record PlayedDialogue(int Sample, EpisodeOutcome Outcome, TokenUsage Usage, Transcript Transcript)
{
    public static PlayedDialogue Of(Episode episode) => new(episode.Sample, EpisodeOutcome.Of(episode),
        episode.Turns.Aggregate(default(TokenUsage), (sum, turn) => sum + turn.Usage), Transcript.Of(0, episode));

    /// <summary>The last program; null if the last answer held none, or was broken off.</summary>
    public string? Program => Outcome.Broken is null ? CodeBlock.Find(Transcript.Messages[^1].Text)?.Program : null;
}
