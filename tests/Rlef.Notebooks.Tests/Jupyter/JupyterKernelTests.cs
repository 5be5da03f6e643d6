using System.Diagnostics;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Jupyter;

namespace Rlef.Notebooks.Tests.Jupyter;

public sealed class JupyterKernelTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlef-jupyter-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Jupyter_executes_a_notebook_with_this_kernel()
    {
        RequireJupyter();
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Code, "var x = 41; Console.WriteLine(\"out\"); Console.Error.WriteLine(\"err\");");
        notebook.Add(CellKind.Code, "var live = display(\"0 %\"); live.Update(\"100 %\");");
        notebook.Add(CellKind.Code, "await Task.FromResult(x + 1)");
        var (code, log) = await ExecuteAsync(notebook, "--ExecutePreprocessor.timeout=120");
        Assert.True(code == 0, log);
        var cells = Notebook.Load(Path.Combine(_folder.FullName, "done.ipynb")).Cells;
        Assert.Equal([1, 2, 3], cells.Select(cell => cell.ExecutionCount));
        Assert.Equal(["stdout: out\n", "stderr: err\n"],
            cells[0].Outputs.Select(output => $"{output!["name"]}: {NotebookCell.Text(output["text"])}"));
        Assert.Equal("100 %", NotebookCell.Text(Assert.Single(cells[1].Outputs)!["data"]!["text/plain"]));
        Assert.Equal("42", NotebookCell.Text(cells[2].Outputs.Single()!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task Jupyter_reports_the_failing_line()
    {
        RequireJupyter();
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Code, "var x = 0;\n1 / x");
        var (code, log) = await ExecuteAsync(notebook, "--ExecutePreprocessor.timeout=120");
        Assert.NotEqual(0, code);
        Assert.Contains("Cell 1, line 2: System.DivideByZeroException", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jupyter_interrupts_a_cell_that_runs_too_long()
    {
        RequireJupyter();
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Code, "await Task.Delay(-1, Rlef.Notebooks.Engine.CellCancellation.Token);");
        notebook.Add(CellKind.Code, "\"after\"");
        var (code, log) = await ExecuteAsync(notebook, "--ExecutePreprocessor.timeout=5", "--ExecutePreprocessor.interrupt_on_timeout=True", "--allow-errors");
        Assert.True(code == 0, log);
        var cells = Notebook.Load(Path.Combine(_folder.FullName, "done.ipynb")).Cells;
        Assert.Equal("Interrupted", cells[0].Outputs.Single()!["ename"]!.ToString());
        Assert.Equal("after", NotebookCell.Text(cells[1].Outputs.Single()!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task An_engine_that_ends_is_reported_and_starts_anew()
    {
        RequireJupyter();
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Code, "Environment.Exit(3);");
        notebook.Add(CellKind.Code, "\"after\"");
        var (code, log) = await ExecuteAsync(notebook, "--ExecutePreprocessor.timeout=120", "--allow-errors");
        Assert.True(code == 0, log);
        var cells = Notebook.Load(Path.Combine(_folder.FullName, "done.ipynb")).Cells;
        Assert.Contains("exit code 3", cells[0].Outputs.Single()!["evalue"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("after", NotebookCell.Text(cells[1].Outputs.Single()!["data"]!["text/plain"]));
    }

    [Fact]
    public void A_kernel_of_another_program_is_not_replaced_unasked()
    {
        var folder = Path.Combine(_folder.FullName, "kernels", JupyterKernel.Name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kernel.json"), "{}");
        var error = Assert.Throws<InvalidOperationException>(() => JupyterKernel.Install(["rlef"], Python, dataFolder: _folder.FullName));
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.False(JupyterKernel.Uninstall(_folder.FullName));
        JupyterKernel.Install(["rlef"], Python, overwrite: true, dataFolder: _folder.FullName);
        JupyterKernel.Install(["rlef"], Python, dataFolder: _folder.FullName);
        Assert.True(JupyterKernel.Uninstall(_folder.FullName));
        Assert.False(Directory.Exists(folder));
    }

    private async Task<(int Code, string Log)> ExecuteAsync(Notebook notebook, params string[] options)
    {
        JupyterKernel.Install([Environment.ProcessPath!, "notebook", "serve"], Python, dataFolder: _folder.FullName);
        notebook.Save(Path.Combine(_folder.FullName, "source.ipynb"));
        return await RunAsync(["-m", "nbconvert", "--execute", "--to", "notebook", "--output", "done.ipynb", .. options, "source.ipynb"]);
    }

    private async Task<(int Code, string Log)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["JUPYTER_DATA_DIR"] = _folder.FullName;
        start.Environment["JUPYTER_RUNTIME_DIR"] = Path.Combine(_folder.FullName, "runtime");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var log = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + log);
    }

    private static void RequireJupyter()
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is missing");
        using var probe = Process.Start(new ProcessStartInfo(Python, ["-c", "import nbconvert, ipykernel"]) { RedirectStandardError = true })!;
        probe.WaitForExit();
        Assert.SkipUnless(probe.ExitCode == 0, "Jupyter's nbconvert and ipykernel are not installed (Debian: jupyter-nbconvert python3-ipykernel)");
    }
}
