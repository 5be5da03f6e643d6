using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Randomness;

namespace Rlef.Learning;

/// <summary>Dialogues of an <see cref="IDialogueAuthor"/> with the real judge, from which a world's base policy learns to write programs and to answer feedback.</summary>
public static class ImitationDialogues
{
    /// <summary>One dialogue in words: user and assistant in turn.</summary>
    public sealed record Text(IReadOnlyList<(string User, string Assistant, bool IsLearned)> Turns);

    /// <summary>Plays one dialogue for each author; at most <paramref name="turnLimit"/> attempts.</summary>
    public static async Task<Text[]> PlayAsync(IReadOnlyList<IDialogueAuthor> authors, IJudge judge, DialogueWording wording, ulong seed,
        int turnLimit = 3, IProgress<int>? done = null, CancellationToken cancellation = default)
    {
        var texts = new Text[authors.Count];
        var finished = 0;
        await Parallel.ForAsync(0, authors.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            texts[i] = await PlayAsync(authors[i], judge, wording, seed, i, turnLimit, stop);
            done?.Report(Interlocked.Increment(ref finished));
        });
        return texts;
    }

    static async Task<Text> PlayAsync(IDialogueAuthor author, IJudge judge, DialogueWording wording, ulong seed, int index, int turnLimit,
        CancellationToken cancellation)
    {
        var problem = author.Problem;
        List<(string, string, bool)> turns = [];
        var user = wording.FirstMessage(problem.Statement);
        Judgement? seen = null;
        for (var turn = 0; turn < turnLimit; turn++)
        {
            var random = RandomStream.For(seed, index, turn);
            var attempt = author.Next(seen, ref random);
            turns.Add((user, $"```python\n{attempt.Program}```", attempt.IsLearned));
            if (attempt.IsLast)
                break;
            seen = await judge.JudgeAsync(attempt.Program, problem, problem.PublicTests, cancellation: cancellation);
            if (seen.Kind == VerdictKind.InfrastructureError)
                throw new IOException($"The sandbox failed on a program for '{problem.Id}', so that nobody knows what the tests say of it. " +
                    "See ./rlef doctor, and leave that problem out if it happens again.");
            if (seen.Accepted)
                break;
            user = FeedbackMessage.Compose(wording, problem, seen);
        }
        return new(turns);
    }

    /// <summary>The first turns of a dialogue as tokens, with the responses marked that are to be learned.</summary>
    public static SupervisedTrainer.Example Encode(Text text, ChatFormat format, int turns)
    {
        List<int> ids = [];
        List<bool> isLearned = [];
        foreach (var (user, assistant, learned) in text.Turns.Take(turns))
        {
            int[] prompt = ids.Count == 0 ? format.FirstPrompt(user) : format.NextPrompt(user, ids[^1]), response = format.Response(assistant);
            isLearned.AddRange([.. prompt.Select(_ => false), .. response.Select(_ => learned)]);
            ids.AddRange([.. prompt, .. response]);
        }
        return new([.. ids], [.. isLearned]);
    }
}
