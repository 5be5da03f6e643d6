using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>Decides what the policy is told after a failed attempt. The true public tests decide when to stop, whatever it is told, but where <see cref="Seen"/> says otherwise.</summary>
public interface IFeedbackSource
{
    /// <summary>Name of the arm, such as <c>real</c> or <c>random</c>.</summary>
    string Name { get; }

    /// <summary>The name, with a digest of what the source draws from, if it draws: two sources of one identity say the same.</summary>
    string Identity => Name;

    /// <summary>The problem that dialogues are played on, whose public tests judge each answer: the one given, unless the source makes other tests public.</summary>
    Problem Seen(Problem problem) => problem;

    /// <param name="judgement">Verdicts on the public tests, or null if the response held no code.</param>
    /// <param name="random">For this message alone.</param>
    string Feedback(Problem problem, Judgement? judgement, RandomStream random);
}
