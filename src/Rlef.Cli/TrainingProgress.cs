using Rlef.Learning;
using Spectre.Console;

namespace Rlef.Cli;

/// <summary>Shows a training run: a bar in a terminal, one line for every tenth of the run elsewhere, with the time that is left.</summary>
static class TrainingProgress
{
    public static async Task<T> ShowAsync<T>(string title, TrainingConfig config, Func<IProgress<IReadOnlyDictionary<string, double>>, Task<T>> train)
    {
        var (updates, warnings) = (config.Updates, new RunWarnings(config));
        void Warn(IReadOnlyDictionary<string, double> metrics)
        {
            if (warnings.Tell(metrics) is { } why)
                Terminal.Error.WriteLine($"{title}: {why}");
        }
        if (!Terminal.Output.Profile.Capabilities.Interactive)
        {
            var progress = new RunProgress(updates);
            return await train(new ImmediateProgress<IReadOnlyDictionary<string, double>>(m =>
            {
                var (update, when) = ((int)m["update"] + 1, progress.Tell(m));
                if (update % Math.Max(1, updates / 10) == 0 || update == updates)
                    Console.WriteLine($"{title}: {when}, {RunProgress.Line(m)}");
                Warn(m);
            }));
        }
        return await Terminal.Output.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(title, maxValue: updates);
                return await train(new ImmediateProgress<IReadOnlyDictionary<string, double>>(m =>
                {
                    task.Value = m["update"] + 1;
                    task.Description = $"{title}: {RunProgress.Line(m)}";
                    Warn(m);
                }));
            });
    }
}
