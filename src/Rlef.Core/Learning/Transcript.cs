using Rlef.Dialogue;

namespace Rlef.Learning;

/// <summary>An episode in words, as it is kept in <c>episodes.jsonl</c>.</summary>
public sealed record Transcript(int Update, string Problem, bool Solved, IReadOnlyList<Transcript.Message> Messages)
{
    /// <summary>One message, and for a response what the judge said of it.</summary>
    public sealed record Message(string Role, string Text, string? Verdict = null);

    public static Transcript Of(int update, Episode episode) => new(update, episode.Problem.Id, episode.Solved, [.. MessagesOf(episode)]);

    static IEnumerable<Message> MessagesOf(Episode episode)
    {
        foreach (var turn in episode.Turns)
        {
            yield return new("user", turn.Observation);
            var tests = turn.Public?.Kind.ToString() ?? "NoCode";
            var final = turn == episode.Last && episode.Private is { } hidden ? $"; private tests: {hidden.Kind}" : "";
            yield return new("assistant", turn.Text, $"public tests: {tests}{final}");
        }
    }
}
