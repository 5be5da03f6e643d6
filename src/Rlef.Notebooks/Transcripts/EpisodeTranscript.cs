using Rlef.Dialogue;
using Rlef.Learning;

namespace Rlef.Notebooks;

/// <summary>Episodes as chats.</summary>
public static class EpisodeTranscript
{
    public static TranscriptView ToTranscript(this Episode episode, string title)
    {
        List<TranscriptMessage> messages = [];
        foreach (var turn in episode.Turns)
        {
            messages.Add(new("user", turn.Observation));
            List<VerdictBadge> badges = [];
            if (turn.Public is { } seen)
                badges.Add(VerdictBadge.Of("public", seen));
            if (turn == episode.Last && episode.Private is { } hidden)
                badges.Add(VerdictBadge.Of("private", hidden));
            messages.Add(new("assistant", turn.Text, badges));
        }
        return new(title, messages);
    }

    /// <summary>A dialogue that a run kept.</summary>
    public static TranscriptView ToView(this Transcript transcript) => new(transcript.Problem,
        [.. transcript.Messages.Select(m => new TranscriptMessage(m.Role, m.Text, [.. m.Verdicts.Select(v => new VerdictBadge(v.Tests, v.Kind))]))],
        transcript.Solved ? "solved" : "not solved");
}
