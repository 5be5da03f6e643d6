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
    /// <param name="Dialogues">Dialogues to learn from, on training compositions.</param>
    /// <param name="Steps">Optimizer steps.</param>
    public sealed record Options(int Dialogues = 16_000, int Steps = 1_400, ulong Seed = 7, int VocabularySize = 512, double LearningRate = 2e-3);

    const int VocabularySample = 1500;

    public static async Task<PolicyCheckpoint> RunAsync(Options options, NanoAuthor.Habits habits, IJudge judge, Action<string>? say = null,
        CancellationToken cancellation = default)
    {
        var wording = DialogueWording.Nano;
        // A seed other than that of the shipped sets: the base policy has not seen their problems.
        var tasks = new NanoGenerator(options.Seed).Generate(Split.Train, options.Dialogues, [0, 1, 1, 2, 2, 3]).ToList();
        say?.Invoke($"{tasks.Count} problems; playing dialogues in the sandbox");
        var texts = await NanoDialogues.PlayAsync(tasks, new NanoAuthor(habits), judge, wording, options.Seed, cancellation: cancellation);
        var sample = texts.Take(VocabularySample).SelectMany(t => t.Turns).SelectMany(t => (string[])[t.User, t.Assistant]);
        var (vocabulary, merges) = BpeTrainer.Train(sample, options.VocabularySize - ChatFormat.SpecialTokens.Count, TokenizerFile.SingleDigitPattern);
        var json = TokenizerFile.ToJson(vocabulary, merges, ChatFormat.SpecialTokens, TokenizerFile.SingleDigitPattern);
        manual_seed((long)options.Seed);
        var policy = new PolicyCheckpoint(new Transformer(ModelConfig.Nano(options.VocabularySize)), json);
        var format = new ChatFormat(policy.Tokenizer);
        SupervisedTrainer.Example[] examples = [.. texts.Select(t => NanoDialogues.Encode(t, format))];
        say?.Invoke($"{examples.Sum(e => (long)e.Ids.Length)} tokens; learning");
        SupervisedTrainer.Train(policy.Model, examples, new(options.Steps, LearningRate: options.LearningRate, Seed: options.Seed),
            (step, loss) => say?.Invoke($"step {step}/{options.Steps}: {loss:F3} nats a token"), cancellation);
        return policy;
    }
}
