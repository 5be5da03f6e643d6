using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>Says only that another try is due.</summary>
public sealed class NoFeedback(DialogueWording wording) : IFeedbackSource
{
    public string Name => "none";
    public string Feedback(Problem problem, Judgement? judgement, RandomStream random) => wording.TryAgain;
}
