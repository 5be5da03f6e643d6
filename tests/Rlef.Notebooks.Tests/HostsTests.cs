using System.Text.Json.Nodes;
using Rlef.Experiments;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Tests.Engine;
using Rlef.Notebooks.Tests.Jupyter;

namespace Rlef.Notebooks.Tests;

/// <summary>One notebook shows the same wherever it is opened.</summary>
public sealed class HostsTests
{
    [Fact]
    public async Task The_quickstart_shows_the_same_in_the_command_in_the_interactive_tool_and_in_Jupyter()
    {
        JupyterFolder.Require();
        using var jupyter = new JupyterFolder();
        // The first run trains; the others find the trained policy.
        var environment = ShippedNotebookTests.SmallSize(jupyter.Folder);
        var source = Home.File("notebooks", "00-quickstart.ipynb");
        var command = await RunAsync(null, Path.Combine(jupyter.Folder, "command.ipynb"));
        // As VS Code starts it.
        var tool = await RunAsync([await JupyterFolder.ToolAsync(), "[vscode]", "stdio", "--working-dir", Path.GetDirectoryName(source)!], Path.Combine(jupyter.Folder, "tool.ipynb"));
        var (code, log) = await jupyter.ExecuteAsync(source, environment, "--ExecutePreprocessor.timeout=300");
        Assert.True(code == 0, log);
        Assert.Equal(command, tool);
        Assert.Equal(command, Shown(Path.Combine(jupyter.Folder, "done.ipynb")));
        Assert.Contains(command, output => output.StartsWith("execute_result application/vnd.plotly.v1+json text/html text/plain: Figure: ", StringComparison.Ordinal));

        async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<string>? host, string output)
        {
            var run = await NotebookRunner.RunAsync(source, new NotebookRunOptions { Host = host, OutputPath = output, Environment = environment }, cancellation: TestContext.Current.CancellationToken);
            Assert.True(run.Succeeded, $"{host?[0]}, cell {run.FailedCell}: {string.Join('\n', run.Error?.Traceback ?? [])}");
            return Shown(output);
        }
    }

    [Fact]
    public async Task A_figure_is_shown_in_the_tool_by_the_very_first_use_of_the_library()
    {
        using var notebook = new TestNotebook(TestNotebook.Library, "Charts.Lines(\"Solved\", \"turns\", \"share\", [Curve.OverSeeds(\"real\", [1, 2], [[0.1, 0.2]])])");
        await notebook.RunWellAsync(new NotebookRunOptions { Host = [await JupyterFolder.ToolAsync(), "stdio", "--working-dir", notebook.Folder] });
        Assert.Equal(["execute_result: Figure: Solved; share over turns; real"], notebook.Shown(2));
    }

    // Every output: its kind, its formats but the picture that the command adds, and its text. Jupyter's first is a script of the tool's own.
    private static IReadOnlyList<string> Shown(string path) =>
    [
        .. Notebook.Load(path).Cells.Where(cell => cell.Kind == CellKind.Code).SelectMany(cell => cell.Outputs)
            .Where(output => output!["data"] is not JsonObject data || data.ContainsKey("text/plain"))
            .Select(output => output!["data"] is JsonObject data
                ? $"{output["output_type"]} {string.Join(' ', data.Select(format => format.Key).Where(type => type != "image/svg+xml").Order(StringComparer.Ordinal))}: {NotebookCell.Text(data["text/plain"])}"
                : $"{output["name"]}: {NotebookCell.Text(output["text"])}"),
    ];
}
