using Rlef.Dialogue;
using Rlef.Randomness;

namespace Rlef.Learning;

/// <summary>An episode in words, as it is kept in <c>episodes.jsonl</c>.</summary>
public sealed record Transcript(int Update, string Problem, bool Solved, IReadOnlyList<Transcript.Message> Messages)
{
    /// <summary>One message, and for a response what the judge said of it.</summary>
    public sealed record Message(string Role, string Text, string? Verdict = null);

    const int SampleSize = 4;

    /// <summary>A few of an update's episodes, drawn from all.</summary>
    public static IEnumerable<Transcript> Sample(int update, IReadOnlyList<Episode> episodes, ulong seed)
    {
        var order = Enumerable.Range(0, episodes.Count).ToArray();
        RandomStream.For(seed, (long)Draw.Transcripts, update).Shuffle<int>(order);
        return order.Take(SampleSize).Order().Select(i => Of(update, episodes[i]));
    }

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
