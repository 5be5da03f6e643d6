using System.Collections.Immutable;
using System.Diagnostics;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>
/// The control arm of RLEF section 4.1: feedback that an incorrect program for a different problem received on that problem's own public
/// tests. Form and number of tries stay; the information is gone. Variations of one task (<see cref="Problem.Cluster"/>) do not count as different.
/// </summary>
public sealed class RandomFeedback : IFeedbackSource
{
    readonly ImmutableArray<(string Cluster, string Message)> pool;

    RandomFeedback(ImmutableArray<(string, string)> pool, string digest) => (this.pool, Identity) = (pool, $"{Name} {digest}");

    public string Name => "random";
    public string Identity { get; }

    /// <summary>Judges programs on their problems' public tests and keeps the messages of those that fail.</summary>
    /// <param name="programs">Programs with the problem each was written for. One that passes is replaced by a program that raises.</param>
    /// <exception cref="ArgumentException">The programs that could be judged belong to fewer than two tasks.</exception>
    public static async Task<RandomFeedback> BuildAsync(DialogueWording wording, IJudge judge,
        IReadOnlyCollection<(Problem Problem, string Program)> programs, CancellationToken cancellation = default)
    {
        var pool = (await FeedbackPool.EarnAsync(wording, judge, programs, cancellation)).Select(entry => (entry.Problem.Cluster, entry.Message)).ToImmutableArray();
        return pool.DistinctBy(entry => entry.Cluster).Take(2).Count() == 2 ? new(pool, FeedbackPool.Digest(programs))
            : throw new ArgumentException("Random feedback needs programs for at least two problems that are not variations of one task.");
    }

    public string Feedback(Problem problem, Judgement? judgement, RandomStream random)
    {
        // Walking on from a random start finds another task's message even in a pool that is mostly this one's.
        var start = random.NextInt(pool.Length);
        for (var i = 0; i < pool.Length; i++)
            if (pool[(start + i) % pool.Length] is var entry && entry.Cluster != problem.Cluster)
                return entry.Message;
        throw new UnreachableException();
    }
}
