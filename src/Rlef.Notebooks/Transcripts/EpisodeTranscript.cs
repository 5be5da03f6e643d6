using Rlef.Dialogue;

namespace Rlef.Notebooks;

/// <summary>An episode as a chat.</summary>
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
}
