using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>What a policy is trained in: the problems, who judges, what the policy is told, and what it is paid.</summary>
public sealed record TrainingSetup(ProblemSet Problems, IJudge Judge, ChatFormat Format, DialogueWording Wording, IFeedbackSource Feedback,
    IReward Reward)
{
    /// <summary>What programs may import beside the standard library.</summary>
    public IReadOnlyList<PythonPackage> PythonPackages { get; init; } = [];

    /// <summary>Where programs run, such as <c>local, Python 3.11.2</c>, for the record; null where nobody says.</summary>
    public string? Sandbox { get; init; }

    /// <summary>What a run on the device is computed with, for the record.</summary>
    public RunEnvironment EnvironmentOn(Device device) =>
        RunEnvironment.Current with { Device = device.ToString(), PythonPackages = string.Join(", ", PythonPackages), Sandbox = Sandbox };

    /// <exception cref="ArgumentException">The settings ask for what is not there; the message says what to change.</exception>
    public void Check(TrainingConfig config, Transformer policy)
    {
        if (policy.Lora is { } adapters && (adapters.Rank, adapters.Alpha) != (config.LoraRank, config.LoraAlpha))
            throw new ArgumentException($"The policy has adapters of rank {adapters.Rank} and alpha {adapters.Alpha} already, " +
                $"and the settings lora_rank and lora_alpha are {config.LoraRank} and {config.LoraAlpha}: load it from the run's folder policy, where they are merged, or set the same.");
        if (policy.Dtype == ScalarType.BFloat16 != (config.Dtype == WeightType.Bfloat16))
            throw new ArgumentException($"The policy's weights are {policy.Dtype}, and the setting dtype is {config.Dtype.ToString().ToLowerInvariant()}: load it with that type.");
        if (Problems.Count == 0)
            throw new ArgumentException($"Problem set '{Problems.Name}' is empty: there is nothing to train on.");
        if (config.References > 0 && Problems.All(p => p.Reference is null))
            throw new ArgumentException($"The setting references is {config.References}, but no problem of '{Problems.Name}' has a reference program to imitate: " +
                "set references to 0, or choose other problems.");
        if (config is { References: 0, Experience: OfflineExperience { Size: 0 } })
            throw new ArgumentException("Nothing would be learned from: experience.size is 0, and so is references. Set one of them.");
        config.CheckReward(Reward);
        if (config.MaxDialogueTokens > policy.Config.MaxPositionEmbeddings)
            throw new ArgumentException($"The setting max_dialogue_tokens is {config.MaxDialogueTokens}, but the policy has {policy.Config.MaxPositionEmbeddings} positions: " +
                $"--max-dialogue-tokens {policy.Config.MaxPositionEmbeddings} is the most.");
    }
}
