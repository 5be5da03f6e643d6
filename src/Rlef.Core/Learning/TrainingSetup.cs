using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Learning;

/// <summary>What a policy is trained in: the problems, who judges, what the policy is told, and what it is paid.</summary>
public sealed record TrainingSetup(ProblemSet Problems, IJudge Judge, ChatFormat Format, DialogueWording Wording, IFeedbackSource Feedback,
    IReward Reward)
{
    /// <summary>What programs may import beside the standard library.</summary>
    public IReadOnlyList<PythonPackage> PythonPackages { get; init; } = [];
}
