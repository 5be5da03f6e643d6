using System.CommandLine;
using Rlef.Notebooks;

namespace Rlef.Cli.Commands;

static class ReportCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN") { Description = "Folders of runs, as train, run and sweep make them; of several the curves lie over each other.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { Description = "The page; by default report.html in the run's folder, or of several runs in the folder that holds the first." };
        var command = new Command("report", "Write a training run as one HTML page that needs no network: recipe, curves, dialogues by update. " +
            "Beside it metrics.csv (with --out NAME.html, NAME.metrics.csv), a line an update. A run under way is shown so far.\n\n" +
            "Example:  rlef report runs/mine\n" +
            "          rlef report runs/real runs/random --out comparison.html")
        {
            runs, output,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            if (parse.GetValue(output) is { } page && !(page.EndsWith(".html", StringComparison.OrdinalIgnoreCase) || page.EndsWith(".htm", StringComparison.OrdinalIgnoreCase)))
                throw new ArgumentException($"--out {page}: a page has a name that ends with .html, and its metrics stand in a file beside it.");
            var report = await RunReport.WriteAsync(parse.GetValue(runs)!, parse.GetValue(output), cancellation);
            if (report.Notice is { } notice)
                Console.Error.WriteLine($"warning: {notice}");
            Console.WriteLine($"report:  {report.Page}\nmetrics: {report.Metrics}");
        });
        return command;
    }
}
