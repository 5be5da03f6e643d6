using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Dialogue;

/// <summary>What a policy can be told, by name.</summary>
public static class FeedbackSources
{
    public static IReadOnlyList<string> Names { get; } = ["real", "random", "shuffled", "truncated", "none", "leaked"];

    /// <summary>What each of them is, for people.</summary>
    public const string Help = "What the policy is told: what the public tests showed (real), what they showed of a program for another problem (random) " +
        "or of another program for the same (shuffled), "
        + "the kind of failure alone (truncated), nothing (none), or what the private tests showed too (leaked).";

    /// <summary>Of the programs that random and shuffled feedback draw from.</summary>
    public const ulong Seed = 99;

    /// <summary>Random feedback (RLEF section 4.1) is what programs for other problems earned, shuffled feedback what other programs for the same problem did.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="programs">Programs that the policy writes as first answers, so many for each problem; asked for only by a source that draws from them.</param>
    /// <exception cref="ArgumentException">There is no such feedback.</exception>
    public static async Task<IFeedbackSource> CreateAsync(string name, DialogueWording wording, IJudge judge,
        Func<int, Task<IReadOnlyCollection<(Problem Problem, string Program)>>> programs, CancellationToken cancellation = default) => name switch
        {
            "random" => await RandomFeedback.BuildAsync(wording, judge, await programs(1), cancellation),
            "shuffled" => await ShuffledFeedback.BuildAsync(wording, judge, await programs(4), cancellation),
            "truncated" => new TruncatedFeedback(wording),
            "none" => new NoFeedback(wording),
            "leaked" => new LeakedFeedback(wording),
            "real" => new RealFeedback(wording),
            _ => throw new ArgumentException($"There is no feedback '{name}': known are {string.Join(", ", Names)}.", nameof(name)),
        };
}
