using System.Diagnostics;
using Rlef.Experiments;
using Rlef.Learning;
using Spectre.Console;

namespace Rlef.Cli;

/// <summary>One line when a run begins and for every quarter of it, with the time that is left by what was done so far, and what goes wrong in it.</summary>
/// <param name="jobs">Processes that share the work.</param>
sealed class SweepProgress(int jobs) : IProgress<SweepRunner.Progress>
{
    readonly Stopwatch watch = Stopwatch.StartNew();
    double read;
    TimeSpan last;
    int found, begun;
    RunWarnings? warnings;

    public void Report(SweepRunner.Progress value)
    {
        if (value.Run is not { } run)
            return;
        var name = $"[{value.Place}/{value.All}] {run.Arm}, {run.Policy}, seed {run.Seed}";
        if (value.Found)
        {
            // What one job has trained the others find in the end.
            if (value.Metrics is null && jobs == 1)
                Console.WriteLine($"{name}: found");
            if (value.Metrics is null && begun == 0)
                found++;
            return;
        }
        if (value.Metrics is not { } metrics)
        {
            Console.WriteLine(name);
            warnings = new(run.Config);
            last = watch.Elapsed;
            begun++;
            return;
        }
        var update = (int)metrics["update"] + 1;
        var own = begun - 1 + update / (double)run.Config.Updates;
        // What an earlier process had computed took no time here and says nothing of what is to come.
        // The first of what is read comes after the policy was loaded, and shows itself by the second.
        if (watch.Elapsed - last <= RunProgress.Read)
            read += (update == 2 ? 2.0 : 1.0) / run.Config.Updates;
        last = watch.Elapsed;
        var computed = own - read;
        if (update % Math.Max(1, run.Config.Updates / 4) == 0)
            Console.WriteLine($"{name}: update {update}/{run.Config.Updates}, {RunProgress.Line(metrics)}" +
                (computed > 1e-9 ? $", {RunProgress.Left(watch.Elapsed / computed * Math.Max(0, (value.All - found) / (double)jobs - own))} left" : ""));
        if (warnings?.Tell(metrics) is { } why)
            Terminal.Error.WriteLine($"{name}: {why}");
    }
}
