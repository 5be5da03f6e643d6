using Rlef.Execution;
using Rlef.Learning;
using Rlef.Problems;
using Rlef.Problems.Nano;
using Rlef.Randomness;

namespace Rlef.Experiments;

/// <summary>A <see cref="NanoAuthor"/> at work on one task.</summary>
sealed class NanoScript(NanoTask task, NanoAuthor author) : IDialogueAuthor
{
    NanoAuthor.Attempt? attempt;

    public Problem Problem { get; } = task.ToProblem();

    public IDialogueAuthor.Attempt Next(Judgement? seen, ref RandomStream random)
    {
        attempt = attempt is null ? author.First(task, ref random) : author.Repair(task, attempt, seen!.Kind, ref random);
        return new(attempt.Program);
    }
}
