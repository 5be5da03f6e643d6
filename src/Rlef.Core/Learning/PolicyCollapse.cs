using System.Globalization;

namespace Rlef.Learning;

/// <summary>Notices that a policy comes apart while it learns: it solves less than half of what it solved at its best. Silent where a curriculum selects what it plays by success.</summary>
/// <param name="config">Of the run.</param>
public sealed class PolicyCollapse(TrainingConfig config)
{
    // Where at least so many of a few updates' episodes were solved, chance halves them once in thousands.
    const int Window = 5, Enough = 40;

    readonly Queue<double> recent = new();
    double best;
    int at;
    bool said;

    /// <summary>Hears of every update, in order.</summary>
    /// <returns>What is wrong and what to try, once; otherwise null.</returns>
    public string? Tell(IReadOnlyDictionary<string, double> metrics)
    {
        if (said || config.Curriculum.SelectsBySuccess || !metrics.TryGetValue("solve_rate", out var solved))
            return null;
        recent.Enqueue(solved);
        if (recent.Count > Window)
            recent.Dequeue();
        if (recent.Count < Window)
            return null;
        var now = recent.Average();
        if (now > best)
            (best, at) = (now, (int)metrics["update"] + 1);
        if (now > best / 2 || best * Window * config.ProblemsPerUpdate * config.SamplesPerProblem < Enough)
            return null;
        said = true;
        return string.Create(CultureInfo.InvariantCulture, $"The policy comes apart: of what it plays it solves {100 * now:F0} % in the last {Window} updates, " +
            $"and solved {100 * best:F0} % in those before update {at + 1}. " +
            $"Its steps are too large: begin a new run with a lower learning rate than {config.LearningRate:g3}, " +
                $"or hold it to its reference (--set kl.weight={(config.Kl.Weight == 0 ? 0.1 : 2 * config.Kl.Weight):g3}).");
    }
}
