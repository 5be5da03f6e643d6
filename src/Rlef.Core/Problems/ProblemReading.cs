using System.Collections.Immutable;
using Rlef.Problems.Formats;

namespace Rlef.Problems;

/// <summary>What a file or folder of problems holds: problems that can be judged, and the faults of the records that cannot.</summary>
/// <param name="Format">The format's name, as in <c>--format</c>.</param>
/// <param name="Records">Number of records in the source.</param>
/// <param name="References">How many of the records have a reference.</param>
public sealed record ProblemReading(string Path, string Format, int Records, int References, ImmutableArray<ProblemReading.Located> Problems, ImmutableArray<ProblemFault> Faults)
{
    /// <summary>A problem and where it stands.</summary>
    public readonly record struct Located(Problem Problem, string File, int Line);

    /// <summary>A set without faults, its problems numbered as lines of a file.</summary>
    public static ProblemReading Of(ProblemSet problems) => new(problems.Name, new RlefFormat().Name, problems.Count, problems.Count(p => p.Reference is not null),
        [.. problems.Select((p, i) => new Located(p, problems.Name, i + 1))], []);

    /// <summary>The set, or the first fault: for those who must not lose a problem.</summary>
    /// <param name="leftOut">Hears of the faults, whose records are then left out; null where there may be none.</param>
    /// <exception cref="ProblemFormatException">There is a fault, or nothing is left without those that have one.</exception>
    public ProblemSet ToSet(Action<IReadOnlyList<ProblemFault>>? leftOut = null)
    {
        if (Faults.FirstOrDefault() is { } fault)
        {
            (leftOut ?? (_ => throw fault.ToException()))(Faults);
            if (Problems.IsEmpty)
                throw fault.ToException();
        }
        return ToSetWithoutFaulty();
    }

    /// <summary>The problems that can be judged. Whoever calls this has told the user of the faults.</summary>
    public ProblemSet ToSetWithoutFaulty() => new(ProblemFile.NameOf(Path), Problems.Select(p => p.Problem));
}
