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
    /// <summary>Of each of the policy's responses that did not solve the problem and of which there is something to tell: a public test that failed, or a solution.</summary>
    /// <param name="longest">Most tokens; a longer one is left out.</param>
    /// <param name="round">Dialogues of which another about the problem that solved it tells its program, before what the tests said.</param>
    public static ImmutableArray<Hindsight> Of(Episode episode, DialogueWording wording, ChatFormat format, int longest, params IReadOnlyList<Episode> round)
    {
        var solution = round.FirstOrDefault(other => other != episode && other.Counts && other.Solved && other.Problem.Id == episode.Problem.Id)?.Turns[^1].Code?.Program;
        List<Hindsight> all = [];
        List<int> before = [];
        foreach (var (turn, index) in episode.Turns.Select((t, i) => (t, i)))
        {
            before.AddRange([.. turn.Prompt, .. turn.Response]);
            var failed = turn.Public is null or { Accepted: false };
            var solved = episode.Solved && index == episode.Turns.Length - 1;
            if (!turn.Given && !solved && (failed || solution is not null) && turn.Public is not { Kind: VerdictKind.InfrastructureError })
            {
                var message = (solution is null ? "" : $"Correct solution:\n\n```python\n{solution.TrimEnd()}\n```\n\n") +
                    (failed ? FeedbackMessage.Compose(wording, episode.Problem, turn.Public) : wording.TryAgain);
                int[] told = [.. before, .. format.NextPrompt(message, turn.Response[^1]), .. turn.Prefix.Length > 0 ? format.Tokenizer.Encode(turn.Prefix) : []];
                if (told.Length + turn.Response.Length <= longest)
                    all.Add(new([.. told, .. turn.Response], index, told.Length - (before.Count - turn.Response.Length)));
            }
        }
        return [.. all];
    }
}
