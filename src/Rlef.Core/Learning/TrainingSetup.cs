using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Learning;

/// <summary>What a policy is trained in: the problems, who judges, what the policy is told, and what it is paid.</summary>
public sealed record TrainingSetup(ProblemSet Problems, IJudge Judge, ChatFormat Format, DialogueWording Wording, IFeedbackSource Feedback,
    IReward Reward)
{
    /// <summary>What programs may import beside the standard library.</summary>
    public IReadOnlyList<PythonPackage> PythonPackages { get; init; } = [];

    /// <summary>Where programs run, such as <c>local, Python 3.11.2</c>, for the record; null where nobody says.</summary>
    public string? Sandbox { get; init; }

    /// <exception cref="ArgumentException">The settings ask for what is not there; the message says what to change.</exception>
    public void Check(TrainingConfig config, ModelConfig policy)
    {
        if (Problems.Count == 0)
            throw new ArgumentException($"Problem set '{Problems.Name}' is empty: there is nothing to train on.");
        if (config.References > 0 && Problems.All(p => p.Reference is null))
            throw new ArgumentException($"The setting references is {config.References}, but no problem of '{Problems.Name}' has a reference program to imitate: set references to 0, or choose other problems.");
        if (config is { References: 0, Experience: OfflineExperience { Size: 0 } })
            throw new ArgumentException("Nothing would be learned from: experience.size is 0, and so is references. Set one of them.");
        if (config.MaxDialogueTokens > policy.MaxPositionEmbeddings)
            throw new ArgumentException($"The setting max_dialogue_tokens is {config.MaxDialogueTokens}, but the policy has {policy.MaxPositionEmbeddings} positions: --max-dialogue-tokens {policy.MaxPositionEmbeddings} is the most.");
    }
}
