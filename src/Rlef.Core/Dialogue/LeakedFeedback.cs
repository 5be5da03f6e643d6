using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>Tells what the private tests showed too, as if they were public: dialogues go on until those pass. RLEF, appendix B.3.</summary>
/// <remarks>
/// Of the failed tests the first three are told of, public ones before private; the paper shows eight, which dialogues of this length have no room for. For
/// training: what is scored so has no held-out tests.
/// </remarks>
public sealed class LeakedFeedback(DialogueWording wording) : IFeedbackSource
{
    const int Shown = 3;

    public string Name => "leaked";
    public Problem Seen(Problem problem) => problem with { PublicTests = problem.AllTests };

    public string Feedback(Problem problem, Judgement? judgement, RandomStream random) =>
        FeedbackMessage.Compose(wording, problem, judgement is null ? null : judgement with { Verdicts = [.. judgement.Verdicts.Where(v => v.Kind != VerdictKind.Accepted).Take(Shown)] });
}
