using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>
/// Feedback that another program for the same problem received: what it says of the problem stays true, what it says of the program does not. A control
/// beside <see cref="RandomFeedback"/> that RLEF does not have.
/// </summary>
public sealed class ShuffledFeedback : IFeedbackSource
{
    readonly ILookup<string, string> messages;
    readonly DialogueWording wording;

    ShuffledFeedback(DialogueWording wording, IReadOnlyList<(string ProblemId, string Message)> pool, string digest) =>
        (this.wording, Identity, messages) = (wording, $"{Name} {digest}", pool.Distinct().ToLookup(entry => entry.ProblemId, entry => entry.Message));

    public string Name => "shuffled";
    public string Identity { get; }

    /// <summary>Judges programs on their problems' public tests and keeps the messages of those that fail.</summary>
    /// <param name="programs">Programs with the problem each was written for. One that passes is replaced by a program that raises.</param>
    public static async Task<ShuffledFeedback> BuildAsync(DialogueWording wording, IJudge judge, IReadOnlyCollection<(Problem Problem, string Program)> programs,
        CancellationToken cancellation = default) => new(wording, [.. (await FeedbackPool.EarnAsync(wording, judge, programs, cancellation))
            .Select(entry => (entry.Problem.Id, entry.Message))], FeedbackPool.Digest(programs));

    /// <returns>What another program was told; only that another try is due where all for this problem were told the same.</returns>
    public string Feedback(Problem problem, Judgement? judgement, RandomStream random)
    {
        var own = FeedbackMessage.Compose(wording, problem, judgement);
        string[] others = [.. messages[problem.Id].Where(message => message != own)];
        return others.Length > 0 ? others[random.NextInt(others.Length)] : wording.TryAgain;
    }
}
