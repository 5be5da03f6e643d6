using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Experience;

/// <summary>A response once more, behind itself and what it led to: as the policy would say it if it had been told before.</summary>
/// <param name="Ids">The dialogue up to the response, the response, the feedback, what the response was given to begin with, and the response again.</param>
/// <param name="Turn">Of the response.</param>
/// <param name="Shift">From where a token of the response is predicted in the dialogue to where it is in <paramref name="Ids"/>.</param>
public sealed record Hindsight(int[] Ids, int Turn, int Shift)
{
    /// <summary>Of each of the policy's responses that failed a public test or held no code; a right one has been told nothing.</summary>
    /// <param name="longest">Most tokens; a longer one is left out.</param>
    public static ImmutableArray<Hindsight> Of(Episode episode, DialogueWording wording, ChatFormat format, int longest)
    {
        List<Hindsight> all = [];
        List<int> before = [];
        foreach (var (turn, index) in episode.Turns.Select((t, i) => (t, i)))
        {
            before.AddRange([.. turn.Prompt, .. turn.Response]);
            if (!turn.Given && turn.Public is null or { Accepted: false, Kind: not VerdictKind.InfrastructureError })
            {
                int[] told = [.. before, .. format.NextPrompt(FeedbackMessage.Compose(wording, episode.Problem, turn.Public), turn.Response[^1]), .. turn.Prefix.Length > 0 ? format.Tokenizer.Encode(turn.Prefix) : []];
                if (told.Length + turn.Response.Length <= longest)
                    all.Add(new([.. told, .. turn.Response], index, told.Length - (before.Count - turn.Response.Length)));
            }
        }
        return [.. all];
    }
}
