using System.Collections.Immutable;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Evaluation.Samples;

/// <summary>The records of a set that samples can be for: problems that can be judged, and records with a fault, which have a place all the same.</summary>
sealed class SampleTargets
{
    /// <param name="Problem">Number of the problem in <see cref="Problems"/>; null for a record with a fault.</param>
    public readonly record struct Target(string Id, int? Problem);

    readonly bool byId, nameless;
    readonly ImmutableArray<Target> order;
    readonly Dictionary<string, Target> named = new(StringComparer.Ordinal);

    /// <exception cref="ProblemFormatException">No record can be judged.</exception>
    public SampleTargets(ProblemReading reading)
    {
        Problems = reading.ToSet(_ => { });
        nameless = reading.Faults.Any(f => f.Problem.Length == 0);
        // LiveCodeBench sorts its questions before it lists their programs.
        byId = reading.Format == new LiveCodeBenchFormat().Name;
        var located = reading.Problems.Select((p, i) => (p.File, p.Line, Target: new Target(p.Problem.Id, i)))
            .Concat(reading.Faults.Select(f => (f.File, f.Line, Target: new Target(f.Problem, null))));
        order = [.. (byId ? located.OrderBy(l => l.Target.Id, StringComparer.Ordinal) : located.OrderBy(l => l.File, StringComparer.Ordinal).ThenBy(l => l.Line))
            .Select(l => l.Target)];
        foreach (var target in order.OrderBy(t => t.Problem is null))
            named.TryAdd(target.Id, target);
    }

    public ProblemSet Problems { get; }

    /// <summary>The record of an id; where a faulty record does not tell its own, that is any id that the set lacks.</summary>
    /// <exception cref="ProblemFormatException">The set has no such problem.</exception>
    public Target Named(string id, JsonRecord record, string field) => named.TryGetValue(id, out var target) ? target
        : nameless ? new(id, null)
        : throw record.Fault(field, $"the set '{Problems.Name}' has no problem '{id}'. Its first is '{order[0].Id}'.");

    /// <summary>The record that a list of programs is for by its place.</summary>
    /// <exception cref="ProblemFormatException">The set has fewer.</exception>
    public Target At(int place, JsonRecord record) => place < order.Length
        ? order[place]
        : throw record.Fault(ProblemFault.WholeLine, $"list {place + 1}, but the set '{Problems.Name}' has {order.Length} problems. " +
            "A list belongs to the problem at its place; name problems by task_id otherwise.");

    /// <exception cref="ProblemFormatException">Where the order is not the set's own, a missing list would move all behind it.</exception>
    public void CheckCount(string path, int lists)
    {
        if (byId && lists > 0 && lists != order.Length)
            throw new ProblemFormatException(path, 1, ProblemFault.WholeLine, $"{lists} lists, but the set '{Problems.Name}' has {order.Length} problems, " +
                "and LiveCodeBench lists all by sorted question_id. Write {\"question_id\": …, \"code_list\": […]} for some of them.");
    }
}
