using Spectre.Console;

namespace Rlef.Cli;

/// <summary>Progress on standard error, so that standard output holds results only: a bar in a terminal, a line for every tenth elsewhere.</summary>
static class StandardError
{
    /// <param name="work">Reports how many of how many are done.</param>
    public static async Task<T> ProgressAsync<T>(string title, Func<IProgress<(int Done, int Total)>, Task<T>> work)
    {
        if (!Terminal.Error.Profile.Capabilities.Interactive)
            return await work(new Lines(title));
        return await Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                task.IsIndeterminate = true;
                return await work(new Bar(task));
            });
    }

    sealed class Bar(ProgressTask task) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value)
        {
            task.IsIndeterminate = false;
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = Math.Max(task.Value, value.Done);
        }
    }

    sealed class Lines(string title) : IProgress<(int Done, int Total)>
    {
        readonly Lock door = new();
        int tenth;

        public void Report((int Done, int Total) value)
        {
            lock (door)
            {
                var reached = (int)(10L * value.Done / Math.Max(1, value.Total));
                if (reached <= tenth)
                    return;
                tenth = reached;
                Console.Error.WriteLine($"{title}: {value.Done}/{value.Total}");
            }
        }
    }
}
