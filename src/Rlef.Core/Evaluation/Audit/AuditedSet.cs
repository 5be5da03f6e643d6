using System.Collections.Immutable;
using Rlef.Problems;

namespace Rlef.Evaluation.Audit;

/// <summary>A problem set that was read and validated.</summary>
/// <param name="Name">The file's or folder's name without extensions.</param>
public sealed record AuditedSet(string Name, ProblemReading Reading, ProblemSetValidator.Result Validation)
{
    /// <summary>The problems whose reference the judge accepts: what mutants are made of.</summary>
    public ImmutableArray<Problem> Sound { get; } = SoundOf(Reading, Validation);

    static ImmutableArray<Problem> SoundOf(ProblemReading reading, ProblemSetValidator.Result validation)
    {
        var faulty = validation.Faults.Select(f => f.Problem).ToHashSet();
        return [.. reading.Problems.Select(p => p.Problem).Where(p => p.Reference is not null && !faulty.Contains(p.Id))];
    }

    /// <summary>Problems spread evenly over the sound ones.</summary>
    public ImmutableArray<Problem> Spread(int count) =>
        [.. Enumerable.Range(0, Math.Min(count, Sound.Length)).Select(i => Sound[(int)((long)i * Sound.Length / Math.Min(count, Sound.Length))])];
}
