using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Problems.Nano;

namespace Rlef.Experiments;

/// <summary>Makes the nano world's base policy from nothing: dialogues of an imperfect programmer, a vocabulary, and supervised learning.</summary>
/// <param name="Seed">Draws problems and dialogues. That of the shipped base policy is not that of the shipped sets: it has not seen their problems.</param>
/// <param name="Dialogues">One for each of as many training problems.</param>
/// <param name="Difficulties">From which one is drawn for each problem.</param>
/// <param name="Phases">Rounds of learning from the same dialogues.</param>
public sealed record NanoPretraining(ulong Seed, int Dialogues, int[] Difficulties, NanoAuthor.Habits Habits, IReadOnlyList<Pretraining.Phase> Phases)
{
    /// <summary>
    /// How the shipped base policy was made. First answers alone are short, so a step sees many; a policy that has learned to write programs then
    /// learns the dialogues in fewer steps.
    /// </summary>
    public static NanoPretraining Recipe { get; } = new(7, 24_000, [0, 1, 1, 2, 2, 3], new(), [new(1, 1_000, 2e-3), new(3, 1_500, 1.5e-3)]);

    public async Task<PolicyCheckpoint> RunAsync(IJudge judge, Action<string>? say = null, CancellationToken cancellation = default)
    {
        var tasks = new NanoGenerator(Seed).Generate(Split.Train, Dialogues, Difficulties).ToList();
        say?.Invoke($"{tasks.Count:N0} problems; playing dialogues in the sandbox");
        var author = new NanoAuthor(Habits);
        var texts = await ImitationDialogues.PlayAsync([.. tasks.Select(t => new NanoScript(t, author))], judge, DialogueWording.Nano, Seed,
            Phases.Max(p => p.Turns), cancellation: cancellation);
        return Pretraining.Learn(texts, ModelConfig.Nano, Phases, seed: 1, say, cancellation);
    }
}
