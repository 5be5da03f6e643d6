using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems.Nano;
using static TorchSharp.torch;

namespace Rlef.Experiments;

/// <summary>Makes the nano world's base policy from nothing: dialogues of an imperfect programmer, a vocabulary, and supervised learning.</summary>
public static class NanoPretraining
{
    /// <summary>One round of learning from fresh dialogues on training compositions.</summary>
    /// <param name="WholeDialogues">Whether prompts and feedback are learned too, which teaches to copy, or responses only.</param>
    public sealed record Phase(ulong Seed, int Dialogues, int[] Difficulties, NanoAuthor.Habits Habits, int Steps, double LearningRate, bool WholeDialogues);

    /// <summary>How the shipped base policy was made. The seeds are not that of the shipped sets: it has not seen their problems.</summary>
    public static IReadOnlyList<Phase> Recipe { get; } =
    [
        new(7, 16_000, [0, 1, 1, 2, 2, 3], new(0.12, 0.18, 0.5), 1_400, 2e-3, WholeDialogues: false),
    ];

    // More than this world has words for: each becomes one token, so that copying a word or a number is copying one token.
    const int MostTokens = 1024, VocabularySample = 1500;

    /// <param name="from">A policy to go on from; null for a new one with a vocabulary of the first phase's dialogues.</param>
    public static async Task<PolicyCheckpoint> RunAsync(IEnumerable<Phase> phases, IJudge judge, PolicyCheckpoint? from = null, Action<string>? say = null,
        CancellationToken cancellation = default)
    {
        var policy = from;
        foreach (var phase in phases)
        {
            var tasks = new NanoGenerator(phase.Seed).Generate(Split.Train, phase.Dialogues, phase.Difficulties).ToList();
            say?.Invoke($"{tasks.Count} problems; playing dialogues in the sandbox");
            var texts = await NanoDialogues.PlayAsync(tasks, new NanoAuthor(phase.Habits), judge, DialogueWording.Nano, phase.Seed, cancellation: cancellation);
            policy ??= Create(texts);
            var format = new ChatFormat(policy.Tokenizer);
            SupervisedTrainer.Example[] examples = [.. texts.Select(t => NanoDialogues.Encode(t, format, phase.WholeDialogues))];
            say?.Invoke($"{examples.Sum(e => (long)e.Ids.Length)} tokens; learning");
            SupervisedTrainer.Train(policy.Model, examples, new(phase.Steps, LearningRate: phase.LearningRate),
                (step, loss) => say?.Invoke($"step {step}/{phase.Steps}: {loss:F3} nats a token"), cancellation);
        }
        return policy ?? throw new ArgumentException("There is no phase to run.", nameof(phases));
    }

    static PolicyCheckpoint Create(NanoDialogues.Text[] texts)
    {
        var sample = texts.Take(VocabularySample).SelectMany(t => t.Turns).SelectMany(t => (string[])[t.User, t.Assistant]);
        var (vocabulary, merges) = BpeTrainer.Train(sample, MostTokens - ChatFormat.SpecialTokens.Count, TokenizerFile.SingleDigitPattern);
        manual_seed(1);
        return new(new Transformer(ModelConfig.Nano(vocabulary.Count + ChatFormat.SpecialTokens.Count)),
            TokenizerFile.ToJson(vocabulary, merges, ChatFormat.SpecialTokens, TokenizerFile.SingleDigitPattern));
    }
}
