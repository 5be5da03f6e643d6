using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems.Nano;
using static TorchSharp.torch;

namespace Rlef.Experiments;

/// <summary>Makes the nano world's base policy from nothing: dialogues of an imperfect programmer, a vocabulary, and supervised learning.</summary>
/// <param name="Seed">Draws problems and dialogues. That of the shipped base policy is not that of the shipped sets: it has not seen their problems.</param>
/// <param name="Dialogues">One for each of as many training problems.</param>
/// <param name="Difficulties">From which one is drawn for each problem.</param>
/// <param name="Phases">Rounds of learning from the same dialogues.</param>
public sealed record NanoPretraining(ulong Seed, int Dialogues, int[] Difficulties, NanoAuthor.Habits Habits, IReadOnlyList<NanoPretraining.Phase> Phases)
{
    /// <param name="Turns">How many turns of a dialogue are learned.</param>
    public sealed record Phase(int Turns, int Steps, double LearningRate);

    /// <summary>
    /// How the shipped base policy was made. First answers alone are short, so a step sees many; a policy that has learned to write programs then
    /// learns the dialogues in fewer steps.
    /// </summary>
    public static NanoPretraining Recipe { get; } = new(7, 24_000, [0, 1, 1, 2, 2, 3], new(), [new(1, 1_000, 2e-3), new(3, 1_500, 1.5e-3)]);

    // More than this world has words for: each becomes one token, so that copying a word or a number is copying one token.
    const int MostTokens = 1024, VocabularySample = 1500;

    public async Task<PolicyCheckpoint> RunAsync(IJudge judge, Action<string>? say = null, CancellationToken cancellation = default)
    {
        var tasks = new NanoGenerator(Seed).Generate(Split.Train, Dialogues, Difficulties).ToList();
        say?.Invoke($"{tasks.Count:N0} problems; playing dialogues in the sandbox");
        var texts = await NanoDialogues.PlayAsync(tasks, new NanoAuthor(Habits), judge, DialogueWording.Nano, Seed, Phases.Max(p => p.Turns), cancellation: cancellation);
        var policy = Create(texts);
        var format = new ChatFormat(policy.Files);
        foreach (var phase in Phases)
        {
            SupervisedTrainer.Example[] examples = [.. texts.Select(t => NanoDialogues.Encode(t, format, phase.Turns))];
            say?.Invoke($"{examples.Sum(e => (long)e.Ids.Length):N0} tokens of {phase.Turns} turns; learning");
            SupervisedTrainer.Train(policy.Model, examples, new(phase.Steps, LearningRate: phase.LearningRate),
                (step, loss) => say?.Invoke($"step {step}/{phase.Steps}: {loss:F3} nats a token"), cancellation);
        }
        return policy;
    }

    static PolicyCheckpoint Create(NanoDialogues.Text[] texts)
    {
        var sample = texts.Take(VocabularySample).SelectMany(t => t.Turns).SelectMany(t => (string[])[t.User, t.Assistant]);
        var (vocabulary, merges) = BpeTrainer.Train(sample, MostTokens - PlainChat.SpecialTokens.Count, TokenizerFile.SingleDigitPattern);
        manual_seed(1);
        return new(new Transformer(ModelConfig.Nano(vocabulary.Count + PlainChat.SpecialTokens.Count)),
            TokenizerFile.ToJson(vocabulary, merges, PlainChat.SpecialTokens, TokenizerFile.SingleDigitPattern), PlainChat.Template);
    }
}
