using System.Collections.Immutable;
using Rlef.Execution;

namespace Rlef.Problems;

/// <summary>A programming task: what the policy reads, the tests that drive the dialogue, and the tests that pay the reward.</summary>
public sealed record Problem
{
    /// <summary>Unique within its set.</summary>
    public required string Id { get; init; }

    /// <summary>The text that the policy sees first.</summary>
    public required string Statement { get; init; }

    /// <summary>Tests whose outcome the policy sees as feedback. They decide when an episode stops early.</summary>
    public required ImmutableArray<TestCase> PublicTests { get; init; }

    /// <summary>Held-out tests. They decide the reward and never reach the policy.</summary>
    public required ImmutableArray<TestCase> PrivateTests { get; init; }

    /// <summary>A program that passes every test, if the set has one.</summary>
    public string? Reference { get; init; }

    /// <summary>Name of the function to call; null for a program that reads standard input.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>How an output is compared with the expected one.</summary>
    public Comparison Comparison { get; init; } = Comparison.Tokens;

    /// <summary>Resource limits of one test; null for the judge's default.</summary>
    public Limits? Limits { get; init; }

    /// <summary>Free labels: family, difficulty, source.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;
}
