using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems.Nano;
using Rlef.Randomness;

namespace Rlef.Learning;

/// <summary>
/// Dialogues of the imperfect <see cref="NanoAuthor"/> with the real judge, from which the nano world's base policy learns: it comes to write plausible
/// programs and to repair poorly, as instruct models do before RLEF.
/// </summary>
public static class NanoDialogues
{
    /// <summary>One dialogue in words: user and assistant in turn.</summary>
    public sealed record Text(IReadOnlyList<(string User, string Assistant)> Turns);

    /// <summary>Plays one dialogue for each task; at most <paramref name="turnLimit"/> attempts.</summary>
    public static async Task<Text[]> PlayAsync(IReadOnlyList<NanoTask> tasks, NanoAuthor author, IJudge judge, DialogueWording wording, ulong seed,
        int turnLimit = 3, IProgress<int>? done = null, CancellationToken cancellation = default)
    {
        var texts = new Text[tasks.Count];
        var finished = 0;
        await Parallel.ForAsync(0, tasks.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            texts[i] = await PlayAsync(tasks[i], author, judge, wording, seed, i, turnLimit, stop);
            done?.Report(Interlocked.Increment(ref finished));
        });
        return texts;
    }

    static async Task<Text> PlayAsync(NanoTask task, NanoAuthor author, IJudge judge, DialogueWording wording, ulong seed, int index, int turnLimit,
        CancellationToken cancellation)
    {
        var problem = task.ToProblem();
        List<(string, string)> turns = [];
        var user = wording.FirstMessage(problem.Statement);
        NanoAuthor.Attempt? attempt = null;
        Judgement? seen = null;
        for (var turn = 0; turn < turnLimit; turn++)
        {
            var random = RandomStream.For(seed, index, turn);
            attempt = attempt is null ? author.First(task, ref random) : author.Repair(task, attempt, seen!.Kind, ref random);
            turns.Add((user, $"```python\n{attempt.Program}```"));
            seen = await judge.JudgeAsync(attempt.Program, problem, problem.PublicTests, cancellation: cancellation);
            if (seen.Kind == VerdictKind.InfrastructureError)
                throw new InvalidOperationException($"The sandbox failed on a program for {problem.Id}; the dialogue would be wrong.");
            if (seen.Accepted)
                break;
            user = FeedbackMessage.Compose(wording, seen);
        }
        return new(turns);
    }

    /// <summary>The first turns of a dialogue as tokens, with the responses marked as what is to be learned.</summary>
    public static SupervisedTrainer.Example Encode(Text text, ChatFormat format, int turns)
    {
        List<int> ids = [];
        List<bool> isLearned = [];
        foreach (var (user, assistant) in text.Turns.Take(turns))
        {
            int[] prompt = ids.Count == 0 ? format.FirstPrompt(user) : format.NextPrompt(user, ids[^1]), response = format.Response(assistant);
            isLearned.AddRange([.. prompt.Select(_ => false), .. response.Select(_ => true)]);
            ids.AddRange([.. prompt, .. response]);
        }
        return new([.. ids], [.. isLearned]);
    }
}
