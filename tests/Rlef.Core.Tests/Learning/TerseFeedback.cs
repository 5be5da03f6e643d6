using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Core.Tests.Learning;

/// <summary>That a program failed, and nothing else.</summary>
public sealed class TerseFeedback : IFeedbackSource
{
    /// <summary>As the recipe says it.</summary>
    public string Name => "terse";

    public string Feedback(Problem problem, Judgement? judgement, RandomStream random) => "Wrong. Try again.";
}
