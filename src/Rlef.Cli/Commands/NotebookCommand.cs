using System.CommandLine;
using Rlef.Experiments;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Jupyter;

namespace Rlef.Cli.Commands;

static class NotebookCommand
{
    public static Command Create() => new("notebook", "Execute C# notebooks, or serve them to Jupyter.") { Run(), Serve(), Kernel() };

    static Command Run()
    {
        var files = new Argument<string[]>("FILES") { Description = "Notebooks; their outputs are written back.", Arity = ArgumentArity.OneOrMore };
        var full = new Option<bool>("--full") { Description = "Full size (sets RLEF_FULL=1): hours instead of minutes." };
        var command = new Command("run", "Run notebooks from top to bottom.\n\nExample:  rlef notebook run notebooks/00-quickstart.ipynb") { files, full };
        command.SetAction(async (parse, cancellation) =>
        {
            foreach (var file in parse.GetValue(files)!)
                if (!await RunAsync(file, parse.GetValue(full), cancellation))
                    return 1;
            return 0;
        });
        return command;
    }

    /// <summary>Runs one notebook and says how it went.</summary>
    public static async Task<bool> RunAsync(string file, bool full, CancellationToken cancellation)
    {
        var options = new NotebookRunOptions
        {
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

    static Command Serve()
    {
        var command = new Command("serve", "Speak the notebook protocol on standard input and output; the Jupyter kernel starts this.");
        command.SetAction(async (_, cancellation) => await NotebookServer.RunOnConsoleAsync(Environment.CurrentDirectory, cancellation));
        return command;
    }

    static Command Kernel()
    {
        var install = new Command("install", "Register the kernel 'C# (Rlef)' with Jupyter, for VS Code's Jupyter extension and JupyterLab.");
        install.SetAction(_ =>
        {
            try
            {
                Console.WriteLine("Registered: " + JupyterKernel.Install([Home.File("rlef"), "notebook", "serve"], JupyterKernel.FindPython(), overwrite: true));
                return 0;
            }
            catch (InvalidOperationException e)
            {
                Console.Error.WriteLine($"rlef: {e.Message}");
                return 1;
            }
        });
        return new("kernel", "The Jupyter kernel.") { install };
    }
}
