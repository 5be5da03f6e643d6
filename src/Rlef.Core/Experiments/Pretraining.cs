using Rlef.Dialogue;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Experiments;

/// <summary>Makes a base policy from nothing out of dialogues: a vocabulary, a network, and supervised learning.</summary>
public static class Pretraining
{
    /// <param name="Turns">How many turns of a dialogue are learned.</param>
    public sealed record Phase(int Turns, int Steps, double LearningRate);

    // More than the worlds have words for: each becomes one token, so that copying a word or a number is copying one token.
    const int MostTokens = 1024, VocabularySample = 1500;

    /// <param name="shape">Shape of the network for the size of a vocabulary.</param>
    /// <param name="seed">Draws the first weights.</param>
    public static PolicyCheckpoint Learn(ImitationDialogues.Text[] texts, Func<int, ModelConfig> shape, IEnumerable<Phase> phases, ulong seed, Action<string>? say,
        CancellationToken cancellation)
    {
        var policy = Create(texts, shape, seed);
        var format = new ChatFormat(policy.Files);
        foreach (var phase in phases)
        {
            SupervisedTrainer.Example[] examples = [.. texts.Select(t => ImitationDialogues.Encode(t, format, phase.Turns))];
            say?.Invoke($"{examples.Sum(e => (long)e.Ids.Length):N0} tokens of {phase.Turns} turns, {examples.Max(e => e.Ids.Length)} the longest; learning");
            SupervisedTrainer.Train(policy.Model, examples, new(phase.Steps, LearningRate: phase.LearningRate, Seed: seed),
                (step, loss) => (step % 20 == 0 || step == phase.Steps ? say : null)?.Invoke($"step {step}/{phase.Steps}: {loss:F3} nats a token"), cancellation);
        }
        return policy;
    }

    static PolicyCheckpoint Create(ImitationDialogues.Text[] texts, Func<int, ModelConfig> shape, ulong seed)
    {
        var sample = texts.Take(VocabularySample).SelectMany(t => t.Turns).SelectMany(t => (string[])[t.User, t.Assistant]);
        var (vocabulary, merges) = BpeTrainer.Train(sample, MostTokens - PlainChat.SpecialTokens.Count, TokenizerFile.SingleDigitPattern);
        manual_seed((long)seed);
        return new(new Transformer(shape(vocabulary.Count + PlainChat.SpecialTokens.Count)),
            TokenizerFile.ToJson(vocabulary, merges, PlainChat.SpecialTokens, TokenizerFile.SingleDigitPattern), PlainChat.Template);
    }
}
