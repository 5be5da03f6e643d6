using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Learning;

/// <summary>Writes a problem's reference. Where the problem has a draft to repair, the draft is handed in first, to be seen and not imitated, and the reference answers what it led to.</summary>
/// <exception cref="ArgumentException">The problem has no reference.</exception>
public sealed class ReferenceAuthor(Problem problem) : IDialogueAuthor
{
    readonly string reference = problem.Reference ?? throw new ArgumentException($"Problem '{problem.Id}' has no reference program to imitate.", nameof(problem));

    public Problem Problem => problem;

    public IDialogueAuthor.Attempt Next(Judgement? seen, ref RandomStream random) => seen is null && problem.Draft is { } draft
        ? new(Ended(draft), IsLearned: false)
        : new(Ended(reference), IsLast: true);

    static string Ended(string program) => program.TrimEnd('\n') + "\n";
}
