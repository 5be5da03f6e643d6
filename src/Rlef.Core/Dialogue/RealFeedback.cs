using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>Tells what the public tests showed.</summary>
public sealed class RealFeedback(DialogueWording wording) : IFeedbackSource
{
    public string Name => "real";
    public string Feedback(Problem problem, Judgement? judgement, RandomStream random) => FeedbackMessage.Compose(wording, problem, judgement);
}
