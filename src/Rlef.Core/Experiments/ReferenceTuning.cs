using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Experiments;

/// <summary>
/// Supervised fine-tuning on the references of a problem set: the warm start for a policy that solves too little by itself to learn from reward. Problems with a
/// draft teach to repair: the draft's own feedback is the message that the reference answers.
/// </summary>
/// <param name="Epochs">Passes over the references.</param>
/// <param name="LearningRate">Of AdamW; rises over the first 2 % of the steps and falls along a cosine to a tenth.</param>
/// <param name="BatchTokens">Most tokens of a step, were all its sequences as long as the longest.</param>
/// <param name="MaxDialogueTokens">Longer dialogues are left out, and counted.</param>
public sealed record ReferenceTuning(int Epochs = 3, double LearningRate = 5e-5, int BatchTokens = 4096, int MaxDialogueTokens = 1024, ulong Seed = 1)
{
    /// <param name="Learned">Dialogues that were learned.</param>
    /// <param name="TooLong">Dialogues that were left out as too long.</param>
    public readonly record struct Outcome(int Learned, int TooLong)
    {
        /// <summary>Drafts that needed no repair: they pass the public tests.</summary>
        public int Right { get; init; }
    }

    /// <param name="policy">Trained in place.</param>
    /// <param name="progress">Receives step, steps and loss in nats a token.</param>
    /// <returns>What became of the references.</returns>
    /// <exception cref="ArgumentException">No problem has a reference, or every dialogue is too long or needs no repair.</exception>
    public async Task<Outcome> RunAsync(PolicyCheckpoint policy, ProblemSet problems, IJudge judge, DialogueWording wording,
        Action<int, int, double>? progress = null, CancellationToken cancellation = default)
    {
        ReferenceAuthor[] authors = [.. problems.Where(p => p.Reference is not null).Select(p => new ReferenceAuthor(p))];
        if (authors.Length == 0)
            throw new ArgumentException($"No problem of '{problems.Name}' has a reference program to learn from.", nameof(problems));
        var format = new ChatFormat(policy.Files);
        var texts = await ImitationDialogues.PlayAsync(authors, judge, wording, Seed, turnLimit: 2, cancellation: cancellation);
        SupervisedTrainer.Example[] all = [.. texts.Select(t => ImitationDialogues.Encode(t, format, t.Turns.Count))],
            open = [.. all.Where(e => e.IsLearned.Contains(true))], examples = [.. open.Where(e => e.Ids.Length <= MaxDialogueTokens)];
        if (open.Length == 0)
            throw new ArgumentException($"Every draft of '{problems.Name}' passes its public tests, so that there is nothing to repair.", nameof(problems));
        if (examples.Length == 0)
            throw new ArgumentException($"Every reference of '{problems.Name}' is longer than {MaxDialogueTokens} tokens with its statement: allow longer dialogues.", nameof(problems));
        var options = new SupervisedTrainer.Options(0, BatchTokens, LearningRate, WeightDecay: 0, Seed, GradientCheckpointing: true);
        options = options with { Steps = Epochs * SupervisedTrainer.StepsInPass(examples, options) };
        SupervisedTrainer.Train(policy.Model, examples, options, (step, loss) => progress?.Invoke(step, options.Steps, loss), cancellation);
        return new(examples.Length, open.Length - examples.Length) { Right = all.Length - open.Length };
    }
}
