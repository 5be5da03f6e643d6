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

    /// <summary>A wrong program that is to be repaired: dialogues begin with it and with what its tests say; null where programs are written from nothing.</summary>
    public string? Draft { get; init; }

    /// <summary>
    /// Name of the function to call, or, where a program has none of that name, of the method of a class <c>Solution</c>; null for a program that reads
    /// standard input.
    /// </summary>
    public string? EntryPoint { get; init; }

    /// <summary>Name of the class whose method is called where a program has it, even beside a function of that name; null where functions come first.</summary>
    public string? EntryClass { get; init; }

    /// <summary>What a completion continues, such as HumanEval's prompt; empty where a completion is a whole program.</summary>
    public string CompletionPrefix { get; init; } = "";

    /// <summary>Source whose names the program finds as it finds the built-in ones, such as imports that a format takes for granted.</summary>
    public string? Preamble { get; init; }

    /// <summary>Source that runs in the program's module after it and before the call.</summary>
    public string? Setup { get; init; }

    /// <summary>Name of the file in the program's folder that holds the input, beside standard input; null for none.</summary>
    public string? InputFile { get; init; }

    /// <summary>Name of the file in the program's folder that it may write its output to instead of printing it; null for none.</summary>
    public string? OutputFile { get; init; }

    /// <summary>How an output is compared with the expected one.</summary>
    public Comparison Comparison { get; init; } = Comparison.Tokens;

    /// <summary>
    /// By how much numbers may differ, for <see cref="Comparison.Float"/>, <see cref="Comparison.Value"/> and <see cref="Comparison.Kattis"/>; null for the
    /// comparison's own.
    /// </summary>
    public Tolerance? Tolerance { get; init; }

    /// <summary>Whether texts that differ in case only are equal.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>Whether white space must be the same, for <see cref="Comparison.Kattis"/>.</summary>
    public bool SpaceSensitive { get; init; }

    /// <summary>
    /// Python source of <c>check(input, expected, output)</c>, which returns True for a right output; null where the comparison suffices. It runs in
    /// the sandbox, apart from the judged program, on the outputs that do not compare equal.
    /// </summary>
    public string? Checker { get; init; }

    /// <summary>Resource limits of one test; null for the judge's default.</summary>
    public Limits? Limits { get; init; }

    /// <summary>
    /// What the set itself allows, where <see cref="Limits"/> allow more because the reference took long when tests were made of it; else null. Machines measure
    /// differently, so that these alone count where problems are told apart (<see cref="ProblemFile.Digest"/>).
    /// </summary>
    public Limits? StatedLimits { get; init; }

    /// <summary>Every test: the public ones, then the private ones. A set that has only one list of tests gives it for both.</summary>
    public ImmutableArray<TestCase> AllTests => PublicTests.SequenceEqual(PrivateTests) ? PublicTests : PublicTests.AddRange(PrivateTests);

    /// <summary>Free labels: family, difficulty, source.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Problems of one cluster are variations of one task: those of one core or else of one composition, where the set has such a label.</summary>
    public string Cluster => Labels.GetValueOrDefault("core") ?? Labels.GetValueOrDefault("composition", Id);
}
