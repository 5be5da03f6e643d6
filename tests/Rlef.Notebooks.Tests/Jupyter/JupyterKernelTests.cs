using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Jupyter;
using Rlef.Notebooks.Tests.Engine;

namespace Rlef.Notebooks.Tests.Jupyter;

public sealed class JupyterKernelTests
{
    [Fact]
    public async Task An_interrupt_stops_the_cell_and_the_kernel_goes_on()
    {
        JupyterFolder.Require();
        using var jupyter = new JupyterFolder();
        using var notebook = new TestNotebook(
            TestNotebook.Library + "\nvar heard = false; CellCancellation.Token.IsCancellationRequested",
            "CellCancellation.Token.Register(() => heard = true); await Task.Delay(-1);", "Console.WriteLine($\"after, heard: {heard}\");");
        var (code, log) = await jupyter.ExecuteAsync(notebook.Path, null, "--ExecutePreprocessor.timeout=30", "--ExecutePreprocessor.interrupt_on_timeout=True", "--allow-errors");
        Assert.True(code == 0, log);
        var cells = Notebook.Load(Path.Combine(jupyter.Folder, "done.ipynb")).Cells.Where(cell => cell.Kind == CellKind.Code).ToList();
        Assert.Equal("error", cells[1].Outputs.Single()!["output_type"]!.ToString());
        Assert.Equal("after, heard: True\n", NotebookCell.Text(cells[2].Outputs.Single()!["text"]));
    }

    [Fact]
    public void A_kernel_of_another_program_is_not_replaced_unasked()
    {
        using var jupyter = new JupyterFolder();
        var folder = Path.Combine(jupyter.Folder, "kernels", JupyterKernel.Name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kernel.json"), "{}");
        var error = Assert.Throws<InvalidOperationException>(() => JupyterKernel.Install("/tool", dataFolder: jupyter.Folder));
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.False(JupyterKernel.Uninstall(jupyter.Folder));
        JupyterKernel.Install("/tool", overwrite: true, dataFolder: jupyter.Folder);
        JupyterKernel.Install("/tool", dataFolder: jupyter.Folder);
        Assert.True(JupyterKernel.Uninstall(jupyter.Folder));
        Assert.False(Directory.Exists(folder));
    }
}
