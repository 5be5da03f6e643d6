using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>
/// The control arm of RLEF section 4.1: feedback that an incorrect program for a different problem received on that problem's own public
/// tests. Form and number of tries stay; the information is gone.
/// </summary>
public sealed class RandomFeedback : IFeedbackSource
{
    readonly ImmutableArray<(string ProblemId, string Message)> pool;

    RandomFeedback(ImmutableArray<(string, string)> pool) => this.pool = pool;

    public string Name => "random";
    public string Identity => $"{Name} {FeedbackPool.Digest(pool)}";

    /// <summary>Judges programs on their problems' public tests and keeps the messages of those that fail.</summary>
    /// <param name="programs">Programs with the problem each was written for. One that passes is replaced by a program that raises.</param>
    /// <exception cref="ArgumentException">The programs belong to fewer than two problems.</exception>
    public static async Task<RandomFeedback> BuildAsync(DialogueWording wording, IJudge judge,
        IReadOnlyCollection<(Problem Problem, string Program)> programs, CancellationToken cancellation = default)
    {
        if (programs.Select(p => p.Problem.Id).Distinct().Take(2).Count() < 2)
            throw new ArgumentException("Random feedback needs programs for at least two problems.");
        return new(await FeedbackPool.EarnAsync(wording, judge, programs, cancellation));
    }

    public string Feedback(Problem problem, Judgement? judgement, RandomStream random)
    {
        // Walking on from a random start finds another problem's message even in a pool that is mostly this problem's.
        var start = random.NextInt(pool.Length);
        for (var i = 0; i < pool.Length; i++)
            if (pool[(start + i) % pool.Length] is var entry && entry.ProblemId != problem.Id)
                return entry.Message;
        throw new InvalidOperationException($"No feedback of a problem other than '{problem.Id}' is left in the pool.");
    }
}
