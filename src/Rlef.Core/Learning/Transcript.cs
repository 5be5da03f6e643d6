using System.Text.Json.Serialization;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Randomness;

namespace Rlef.Learning;

/// <summary>An episode in words, as it is kept in <c>episodes.jsonl</c>.</summary>
public sealed record Transcript(int Update, string Problem, bool Solved, IReadOnlyList<Transcript.Message> Messages)
{
    /// <summary>One message, and for a response what the judge said of it.</summary>
    /// <param name="Verdict">Such as <c>public tests: Accepted; private tests: WrongAnswer</c>; <c>NoCode</c> where there was nothing to run,
    /// <c>broken off: Length</c> where a server gave no whole answer.</param>
    public sealed record Message(string Role, string Text, string? Verdict = null)
    {
        /// <summary>Which tests, and what the judge said; null where there was nothing to run.</summary>
        [JsonIgnore]
        public IEnumerable<(string Tests, VerdictKind? Kind)> Verdicts
        {
            get
            {
                foreach (var part in (Verdict ?? "").Split("; "))
                    if (part.Split(" tests: ") is [var tests, var kind])
                        if (Enum.TryParse<VerdictKind>(kind, out var known))
                            yield return (tests, known);
                        else if (kind == NoCode)
                            yield return (tests, null);
            }
        }
    }

    const string NoCode = "NoCode";

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
            if (turn.Broken is { } broken)
            {
                yield return new("assistant", turn.Text, $"broken off: {broken}");
                continue;
            }
            var tests = turn.Public?.Kind.ToString() ?? NoCode;
            var final = turn == episode.Last && episode.Private is { } hidden ? $"; private tests: {hidden.Kind}" : "";
            yield return new("assistant", turn.Text, $"public tests: {tests}{final}");
        }
    }
}
