using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>How many tests failed and in which way, without inputs, outputs and what exceptions say: true, but too short to learn of the problem.</summary>
public sealed class TruncatedFeedback(DialogueWording wording) : IFeedbackSource
{
    readonly DialogueWording cut = wording with { MaxFieldLength = 0 };

    public string Name => "truncated";
    public string Feedback(Problem problem, Judgement? judgement, RandomStream random) => FeedbackMessage.Compose(cut, problem, judgement);
}
