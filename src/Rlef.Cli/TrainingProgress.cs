using System.Diagnostics;
using Spectre.Console;

namespace Rlef.Cli;

/// <summary>Shows a training run: a bar in a terminal, one line for every tenth of the run elsewhere, with the time that is left.</summary>
static class TrainingProgress
{
    public static async Task<T> ShowAsync<T>(string title, int updates, Func<IProgress<IReadOnlyDictionary<string, double>>, Task<T>> train)
    {
        if (!Terminal.Output.Profile.Capabilities.Interactive)
        {
            var (watch, last) = (Stopwatch.StartNew(), 0.0);
            var pace = TimeSpan.Zero;
            return await train(new Reporter(m =>
            {
                var update = (int)m["update"] + 1;
                // Updates of a run that goes on arrive at once, and say nothing of the time that is left.
                var took = watch.Elapsed.TotalSeconds - last;
                last += took;
                if (took > 0.2)
                    pace = pace == TimeSpan.Zero ? TimeSpan.FromSeconds(took) : 0.8 * pace + 0.2 * TimeSpan.FromSeconds(took);
                if (update % Math.Max(1, updates / 10) == 0 || update == updates)
                    Console.WriteLine($"{title}: update {update}/{updates}, {Line(m)}" + (update < updates ? $", {Left(pace * (updates - update))} left" : ""));
            }));
        }
        return await Terminal.Output.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(title, maxValue: updates);
                return await train(new Reporter(m =>
                {
                    task.Value = m["update"] + 1;
                    task.Description = $"{title}: {Line(m)}";
                }));
            });
    }

    /// <summary>An update in a few words.</summary>
    public static string Line(IReadOnlyDictionary<string, double> metrics)
    {
        return FormattableString.Invariant($"solved {Of("solve_rate"):P0}, first turn {Of("first_turn_pass_rate"):P0}, reward {Of("reward"):F2}, KL {Of("kl"):F3}, ") +
            FormattableString.Invariant($"entropy {Of("entropy"):F2}, EV {Of("explained_variance"):F2}, {Of("generation_tokens_per_second"):N0} tokens/s, {Of("executions_per_second"):N0} tests/s");

        double Of(string name) => metrics.GetValueOrDefault(name);
    }

    /// <summary>A time to come, such as <c>3 min</c>.</summary>
    public static string Left(TimeSpan time) => time.TotalHours >= 1 ? $"{time.TotalHours:F1} h" : $"{Math.Ceiling(time.TotalMinutes):F0} min";

    // Unlike Progress<T>, reports at once and in order.
    sealed class Reporter(Action<IReadOnlyDictionary<string, double>> report) : IProgress<IReadOnlyDictionary<string, double>>
    {
        public void Report(IReadOnlyDictionary<string, double> value) => report(value);
    }
}
