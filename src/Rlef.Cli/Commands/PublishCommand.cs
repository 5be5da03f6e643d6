using System.CommandLine;
using Rlef.Experiments;
using Rlef.Notebooks.Publishing;

namespace Rlef.Cli.Commands;

static class PublishCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder of the site.", DefaultValueFactory = _ => Home.File("site") };
        var files = new Argument<string[]>("FILES") { Description = "Notebooks; by default all of notebooks/.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("publish", "Write executed notebooks as self-contained HTML reports that need no network.") { files, output };
        command.SetAction(async (parse, cancellation) =>
        {
            string[] notebooks = parse.GetValue(files) is { Length: > 0 } given
                ? given
                : [.. Directory.GetFiles(Home.File("notebooks"), "*.ipynb").Order(StringComparer.Ordinal)];
            var site = await Publisher.PublishAsync(notebooks, parse.GetValue(output)!, "Rlef", cancellation);
            foreach (var warning in site.Warnings)
                Console.Error.WriteLine($"warning: {warning}");
            Console.WriteLine($"{site.Reports.Count} {(site.Reports.Count == 1 ? "report" : "reports")}: {site.Index}");
        });
        return command;
    }
}
