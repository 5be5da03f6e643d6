using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Rlef.Execution;

namespace Rlef.Problems.Micro;

/// <summary>The shipped problem sets.</summary>
public static class MicroSets
{
    /// <summary>Of training and validation; the test sets and the probes are drawn under their own.</summary>
    public const ulong Seed = 4051, TestSeed = 90_210, ProbeSeed = 613;

    const int ProbeProblems = 60;

    /// <summary>Names of the sets with complete statements, in the order in which they are made.</summary>
    public static ImmutableArray<string> Names { get; } = ["train", "validation", "test", "unseen"];

    /// <summary>
    /// <c>train</c>, <c>validation</c> and <c>test</c> of the families that are trained on, <c>unseen</c> of the held-out ones, and the
    /// <see cref="MicroProbes"/>. No two problems of the four sets do the same, and no probe does what one of them does.
    /// </summary>
    /// <param name="hidden">Share ρ of problems whose statement withholds something.</param>
    public static async IAsyncEnumerable<(string Name, ImmutableArray<Problem> Problems)> MakeAsync(ISandbox sandbox, double hidden = 0,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        HashSet<string> behaviours = [];
        foreach (var (name, split, count, seed, families) in ((string, Split, int, ulong, IReadOnlyList<string>)[])
        [
            ("train", Split.Train, 2000, Seed, MicroGenerator.Families), ("validation", Split.Validation, 300, Seed, MicroGenerator.Families),
            ("test", Split.Test, 400, TestSeed, MicroGenerator.Families), ("unseen", Split.Test, 200, TestSeed, MicroGenerator.HeldOut),
        ])
            yield return (name, Named(name, await new MicroFactory(sandbox, seed, hidden).MakeAsync(split, count, families, behaviours, cancellation)));
        var more = await new MicroFactory(sandbox, ProbeSeed).MakeAsync(Split.Validation, 5 * ProbeProblems, MicroGenerator.Families, behaviours, cancellation);
        foreach (var (name, make) in MicroProbes.All)
            yield return (name, Named(name, more.Select(make).OfType<Problem>().Take(ProbeProblems)));
    }

    static ImmutableArray<Problem> Named(string set, IEnumerable<Problem> problems) =>
        [.. problems.Select((p, i) => p with { Id = string.Create(CultureInfo.InvariantCulture, $"{set}-{i:D5}") })];
}
