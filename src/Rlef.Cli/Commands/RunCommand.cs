using System.CommandLine;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Publishing;
using Spectre.Console;

namespace Rlef.Cli.Commands;

/// <summary>The quickstart: base policy, RLEF, and held-out problems before and after.</summary>
static class RunCommand
{
    public static Command Create()
    {
        var run = new Option<string?>("--run") { Description = "Folder of the run; by default runs/quickstart, with its seed in the name if that is not 1." };
        var seed = new Option<ulong>("--seed") { Description = "Keys every random draw.", DefaultValueFactory = _ => 1 };
        var updates = new Option<int>("--updates") { Description = "Training updates.", DefaultValueFactory = _ => TrainingConfig.Nano.Updates };
        var problems = new Option<int>("--test-problems") { Description = "Held-out problems to score on, of 400.", DefaultValueFactory = _ => 400 };
        var command = new ResumableCommand("run", "Train the nano policy by RLEF in the real sandbox and compare it with the base policy on held-out problems.")
        {
            run, seed, updates, problems,
        };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var config = TrainingConfig.Nano with { Updates = parse.GetValue(updates), Seed = parse.GetValue(seed) };
            var folder = Path.GetFullPath(parse.GetValue(run) ?? Home.File("runs", config.Seed == 1 ? "quickstart" : $"quickstart-seed-{config.Seed}"));
            // As in the notebook: of the three base policies one that the preset was not tuned on.
            await using (var laboratory = await Laboratory.OpenAsync(Home.File("data", "nano", "base-8"), sandbox: sandbox.Name(parse), packages: sandbox.Packages(parse), cancellation: cancellation))
            {
                using var trained = await TrainingProgress.ShowAsync("RLEF", config, progress =>
                    laboratory.TrainAsync(folder, config, Laboratory.Nano("train"), progress: progress, cancellation: cancellation));
            }
            // The notebook finds the finished run, and scores it beside the base policy.
            Console.WriteLine("scoring before and after on held-out problems ...");
            var options = new NotebookRunOptions
            {
                OutputPath = Path.Combine(folder, "report.ipynb"),
                Environment = new Dictionary<string, string?>
                {
                    ["RLEF_RUN"] = folder,
                    ["RLEF_SEED"] = $"{config.Seed}",
                    ["RLEF_SEEDS"] = "1",
                    ["RLEF_UPDATES"] = $"{config.Updates}",
                    [Sandbox.Variable] = sandbox.Name(parse),
                    [Sandbox.PackagesVariable] = sandbox.Packages(parse),
                    ["RLEF_TEST_PROBLEMS"] = $"{parse.GetValue(problems)}",
                },
            };
            var executed = await NotebookRunner.RunAsync(Home.File("notebooks", "00-quickstart.ipynb"), options, cancellation: cancellation);
            if (!executed.Succeeded)
                throw new InvalidDataException($"notebooks/00-quickstart.ipynb, cell {executed.FailedCell}: {executed.Error!.Name}: {executed.Error.Message}");
            Show(RunResults.Load(folder));
            var site = await Publisher.PublishAsync([executed.OutputPath], Path.Combine(folder, "report"), "Rlef run", cancellation);
            foreach (var warning in site.Warnings)
                Console.Error.WriteLine($"warning: {warning}");
            Console.WriteLine($"run:    {folder}\nreport: {site.Reports[0]}");
        });
        return command;
    }

    static void Show(RunResults results)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("held-out problems solved (95 % interval)", "before", "after", "change in points, paired");
        foreach (var (measure, before, after, change) in results.Rows())
            table.AddRow(measure, before.Percent, after.Percent, change.Points);
        Terminal.Output.Write(table);
        Console.WriteLine(results.Change.MultiTurn switch
        {
            { Low: > 0 } => "RLEF raised what dialogues solve.",
            { High: < 0 } => "RLEF lowered what dialogues solve.",
            _ => "The interval of the change in dialogues holds 0: no difference is shown.",
        });
    }
}
