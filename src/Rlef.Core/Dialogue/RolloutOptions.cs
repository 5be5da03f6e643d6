using Rlef.Policy;

namespace Rlef.Dialogue;

/// <summary>How episodes are played.</summary>
/// <param name="TurnLimit">Most responses of the policy in an episode, beside those that it is given; RLEF trains and evaluates with 3.</param>
/// <param name="JudgeFailedPrograms">
/// Whether the private tests are run on a last program that failed a public one. RLEF's reward does not need it; rewards that
/// count tests do.
/// </param>
public sealed record RolloutOptions(DialogueWording Wording, IFeedbackSource Feedback, Sampling Sampling, int TurnLimit = 3,
    bool JudgeFailedPrograms = false)
{
    /// <summary>What stands before each dialogue.</summary>
    public Examples Examples { get; init; } = Examples.None;
}
