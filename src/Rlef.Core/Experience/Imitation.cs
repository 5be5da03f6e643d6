using Rlef.Dialogue;
using Rlef.Learning;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Experience;

/// <summary>Reference programs as sequences to learn from: with an advantage of 1 the policy gradient is that of their likelihood (RLTF's L_sl, arXiv 2307.04349, section 3.2).</summary>
/// <remarks>
/// RLTF alternates supervised and reinforcement steps, as <see cref="TrainingConfig.AlternateReferences"/> has it; otherwise, a deviation, each step learns from both,
/// L_sl + L_rl. What else the loss has reaches references too: PPO's clipping, and a KL penalty or entropy in the loss.
/// A problem with a draft is imitated from its statement, though dialogues about it begin behind the draft; <see cref="Experiments.ReferenceTuning"/> teaches the repair.
/// </remarks>
public static class Imitation
{
    /// <summary>The references of an update, of problems drawn without replacement; those that do not fit a dialogue are left out.</summary>
    public static IReadOnlyList<TrainingSequence> Draw(ProblemSet problems, TrainingConfig config, int update, DialogueWording wording, ChatFormat format)
    {
        var order = problems.Where(p => p.Reference is not null).ToArray();
        RandomStream.For(config.Seed, (long)Randomness.Draw.References, update).Shuffle(order);
        return [.. order.Take(config.References).Select(p => Of(p, wording, format)).Where(s => s.Ids.Length <= config.MaxDialogueTokens)];
    }

    /// <summary>The problem's first message, and its reference as the response.</summary>
    /// <exception cref="ArgumentException">The problem has no reference.</exception>
    public static TrainingSequence Of(Problem problem, DialogueWording wording, ChatFormat format)
    {
        var reference = problem.Reference ?? throw new ArgumentException($"Problem '{problem.Id}' has no reference program to imitate.", nameof(problem));
        var prompt = format.FirstPrompt(wording.FirstMessage(problem.Statement));
        var response = format.Response($"```python\n{reference.TrimEnd('\n')}\n```");
        return new(problem.Id, [.. prompt, .. response], [.. Enumerable.Range(prompt.Length - 1, response.Length)], new int[response.Length], new double[response.Length], [0], []);
    }
}
