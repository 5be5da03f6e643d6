using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Problems.Micro;
using Rlef.Problems.Nano;
using Rlef.Randomness;

namespace Rlef.Experiments;

/// <summary>Makes a base policy for the micro world from nothing: right programs for problems of all families, and a small dose of repair.</summary>
/// <param name="Seed">Draws problems, dialogues and weights. Its problems share compositions with the training set alone.</param>
/// <param name="Dialogues">One for each of as many problems.</param>
/// <param name="Repair">Share of dialogues that begin with a broken program.</param>
/// <param name="Hidden">Share of dialogues about problems whose statement withholds something; those are the nano world's, with its author.</param>
/// <param name="Steps">Optimizer steps.</param>
public sealed record MicroPretraining(ulong Seed, int Dialogues, double Repair, double Hidden, int Steps, double LearningRate)
{
    const int Turns = 3;

    /// <summary>How the shipped base policies were made, but for their seeds. More steps make a policy that leaves less to learn (docs/experiments.md).</summary>
    public static MicroPretraining Recipe { get; } = new(7, 40_000, 0.05, 0, 1_600, 2e-3);

    public async Task<PolicyCheckpoint> RunAsync(ISandbox sandbox, Action<string>? say = null, CancellationToken cancellation = default)
    {
        var tasks = new MicroGenerator(Seed).Draw(Split.Train, [.. MicroGenerator.Families, .. MicroGenerator.HeldOut]).Take(Dialogues).ToList();
        say?.Invoke($"{tasks.Count:N0} problems; playing dialogues in the sandbox");
        var texts = await ImitationDialogues.PlayAsync(await AuthorsAsync(tasks, sandbox, cancellation), new Judge(sandbox), DialogueWording.Nano, Seed, Turns,
            cancellation: cancellation);
        return Pretraining.Learn(texts, ModelConfig.Nano, [new(Turns, Steps, LearningRate)], Seed, say, cancellation);
    }

    async Task<IDialogueAuthor[]> AuthorsAsync(List<MicroTask> tasks, ISandbox sandbox, CancellationToken cancellation)
    {
        var random = RandomStream.For(Seed, 31);
        var (breaker, habits, author) = (new MicroBreaker(sandbox), new MicroScript.Habits(Repair), new NanoAuthor(new()));
        var authors = new IDialogueAuthor[tasks.Count];
        for (var i = 0; i < authors.Length; i++)
            if (random.Chance(Hidden))
                authors[i] = new NanoScript(new NanoGenerator(Seed + (ulong)i).Generate(Split.Train, 1, [0, 1, 1, 2, 2, 3]).First(), author);
        await Parallel.ForAsync(0, authors.Length, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellation }, async (i, stop) =>
            authors[i] ??= await MicroScript.PlanAsync(tasks[i], breaker, habits, Seed, i, stop));
        return authors;
    }
}
