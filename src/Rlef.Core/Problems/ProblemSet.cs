using System.Collections;
using System.Collections.Immutable;

namespace Rlef.Problems;

/// <summary>An ordered collection of problems with distinct ids.</summary>
public sealed class ProblemSet : IReadOnlyList<Problem>
{
    readonly ImmutableArray<Problem> problems;
    readonly Dictionary<string, int> indexById;

    /// <exception cref="ArgumentException">Two problems share an id.</exception>
    public ProblemSet(string name, IEnumerable<Problem> problems)
    {
        Name = name;
        this.problems = [.. problems];
        indexById = new(this.problems.Length);
        for (var i = 0; i < this.problems.Length; i++)
            if (!indexById.TryAdd(this.problems[i].Id, i))
                throw new ArgumentException($"Problem set '{name}' has two problems with the id '{this.problems[i].Id}'.");
    }

    /// <summary>The set's name: for a file, its name without extension.</summary>
    public string Name { get; }
    public int Count => problems.Length;
    public Problem this[int index] => problems[index];
    public Problem this[string id] => problems[indexById[id]];

    /// <summary>The problem's place in the set, or −1.</summary>
    public int IndexOf(string id) => indexById.GetValueOrDefault(id, -1);

    public IEnumerator<Problem> GetEnumerator() => ((IEnumerable<Problem>)problems).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
