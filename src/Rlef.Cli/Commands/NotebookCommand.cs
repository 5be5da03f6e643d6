using System.CommandLine;
using Rlef.Experiments;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Jupyter;

namespace Rlef.Cli.Commands;

static class NotebookCommand
{
    public static Command Create() => new("notebook", "Execute C# notebooks.") { Run(), Kernel(), Host() };

    static Command Run()
    {
        var files = new Argument<string[]>("FILES") { Description = "Notebooks; their outputs are written back.", Arity = ArgumentArity.OneOrMore };
        var full = new Option<bool>("--full") { Description = "Full size (sets RLEF_FULL=1): hours instead of minutes." };
        var timeout = new Option<double?>("--cell-timeout") { Description = "Seconds that one cell may run; without it, for ever." };
        var command = new Command("run", "Run notebooks from top to bottom.\n\nExample:  rlef notebook run notebooks/00-quickstart.ipynb") { files, full, timeout };
        command.SetAction(async (parse, cancellation) =>
        {
            foreach (var file in parse.GetValue(files)!)
                if (!await RunAsync(file, parse.GetValue(full), parse.GetValue(timeout), cancellation))
                    return cancellation.IsCancellationRequested ? Interruption.ExitCode : 1;
            return 0;
        });
        return command;
    }

    /// <summary>Runs one notebook and says how it went.</summary>
    public static async Task<bool> RunAsync(string file, bool full, double? timeout, CancellationToken cancellation)
    {
        var options = new NotebookRunOptions
        {
            CellTimeout = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Environment = full ? new Dictionary<string, string?> { ["RLEF_FULL"] = "1" } : new Dictionary<string, string?>(),
        };
        var run = await NotebookRunner.RunAsync(file, options, new CellPrinter(), cancellation);
        if (run.Notice is { } notice)
            Console.Error.WriteLine(notice);
        if (run.Succeeded)
            Console.WriteLine($"{file}: {run.CellsRun} cells in {run.Elapsed.TotalSeconds:F0} s");
        else
            Console.Error.WriteLine($"rlef: {file}, cell {run.FailedCell}{(run.Error!.Line is { } line ? $", line {line}" : "")}: {run.Error.Name}: {run.Error.Message} " +
                $"The outputs so far are in the file.\n{string.Join('\n', run.Error.Traceback)}");
        return run.Succeeded;
    }

    sealed class CellPrinter : IProgress<CellProgress>
    {
        public void Report(CellProgress value)
        {
            if (value.Elapsed is { } elapsed)
                Console.WriteLine($"  cell {value.Cell}/{value.Cells}  {elapsed.TotalSeconds,6:F1} s  {value.FirstLine}");
        }
    }

    static Command Kernel()
    {
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a kernel of the same name that another program registered." };
        var install = new Command("install", "Install .NET Interactive's kernel into .rlef/tools and register it with Jupyter as '.NET (C#)', " +
            "for JupyterLab, nbconvert and VS Code's Jupyter extension.") { overwrite };
        install.SetAction(async (parse, cancellation) =>
        {
            try
            {
                var tool = await InteractiveTool.InstallAsync(Home.File(".rlef", "tools"), cancellation);
                Console.WriteLine($"Installed:  {tool}\nRegistered: {JupyterKernel.Install(tool, parse.GetValue(overwrite))}");
                return 0;
            }
            catch (InvalidOperationException e)
            {
                Console.Error.WriteLine($"rlef: {e.Message}");
                return 1;
            }
        });
        var uninstall = new Command("uninstall", "Take the kernel that install registered away from Jupyter.");
        uninstall.SetAction(_ => Console.WriteLine(JupyterKernel.Uninstall() ? "taken away" : "There is none of this project's."));
        return new("kernel", "The kernel for Jupyter.") { install, uninstall };
    }

    // What runs the cells of a notebook; NotebookRunner starts it.
    static Command Host()
    {
        var command = new Command("host", "Run cells for another process, in .NET Interactive's protocol on standard input and output.") { Hidden = true };
        command.SetAction(async _ =>
        {
            await NotebookHost.RunAsync();
            return 0;
        });
        return command;
    }
}
