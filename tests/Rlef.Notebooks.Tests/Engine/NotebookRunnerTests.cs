using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Engine;

[Collection(nameof(Alone))]
public sealed class NotebookRunnerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlef-runner-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Cells_run_in_order_and_their_outputs_are_written_back()
    {
        var path = Write("# Title", "Console.WriteLine(\"a\"); Console.WriteLine(\"b\");", "display(1 + 1); 40 + 2");
        var run = await NotebookRunner.RunAsync(path, cancellation: TestContext.Current.CancellationToken);
        Assert.True(run.Succeeded);
        var cells = Notebook.Load(path).Cells;
        Assert.Equal([1, 2], cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => cell.ExecutionCount));
        var stream = Assert.Single(cells[1].Outputs)!;
        Assert.Equal(("stdout", "a\nb\n"), (stream["name"]!.ToString(), NotebookCell.Text(stream["text"])));
        Assert.Equal("2", NotebookCell.Text(cells[2].Outputs[0]!["data"]!["text/plain"]));
        Assert.Equal("42", NotebookCell.Text(cells[2].Outputs[1]!["data"]!["text/plain"]));
        Assert.Equal(2, cells[2].Outputs[1]!["execution_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_same_notebook_run_twice_is_the_same_file()
    {
        var path = Write("# Title", "var x = display(\"one\"); x.Update(\"two\");");
        await NotebookRunner.RunAsync(path, cancellation: TestContext.Current.CancellationToken);
        var first = File.ReadAllText(path);
        await NotebookRunner.RunAsync(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(first, File.ReadAllText(path));
        Assert.Equal("two", NotebookCell.Text(Notebook.Load(path).Cells[1].Outputs.Single()!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task A_failing_cell_stops_the_run_and_keeps_the_outputs_so_far()
    {
        var path = Write("# Title", "Console.Write(\"first\");", "Console.Write(\"second\");\nint.Parse(\"x\");", "Console.Write(\"third\");");
        var stale = Notebook.Load(path);
        stale.Cells[3].Outputs.Add(new System.Text.Json.Nodes.JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "stale" });
        stale.Save(path);
        var run = await NotebookRunner.RunAsync(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((2, 2, 2), (run.CellsRun, run.FailedCell, run.Error?.Line));
        var cells = Notebook.Load(path).Cells;
        Assert.Equal("first", NotebookCell.Text(cells[1].Outputs[0]!["text"]));
        Assert.Equal("second", NotebookCell.Text(cells[2].Outputs[0]!["text"]));
        Assert.Equal("System.FormatException", cells[2].Outputs[1]!["ename"]!.ToString());
        Assert.StartsWith("Cell 2, line 2: System.FormatException", cells[2].Outputs[1]!["traceback"]![0]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(cells[3].Outputs);
        Assert.Null(cells[3].ExecutionCount);
    }

    [Fact]
    public async Task Parameters_are_environment_variables_for_the_run_only_and_the_folder_is_the_notebooks()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "beside.txt"), "found");
        var path = Write("# Title", "Environment.GetEnvironmentVariable(\"RLEF_TEST_SIZE\") + \" \" + File.ReadAllText(\"beside.txt\")");
        var folder = Environment.CurrentDirectory;
        var output = Path.Combine(_folder.FullName, "out.ipynb");
        await NotebookRunner.RunAsync(path, new NotebookRunOptions
        {
            Environment = new Dictionary<string, string?> { ["RLEF_TEST_SIZE"] = "full" }, OutputPath = output,
        }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("full found", NotebookCell.Text(Notebook.Load(output).Cells[1].Outputs[0]!["data"]!["text/plain"]));
        Assert.Empty(Notebook.Load(path).Cells[1].Outputs);
        Assert.Null(Environment.GetEnvironmentVariable("RLEF_TEST_SIZE"));
        Assert.Equal(folder, Environment.CurrentDirectory);
    }

    [Fact]
    public async Task A_cell_over_its_time_is_reported_and_the_file_written()
    {
        var path = Write("# Title", "Console.Write(\"begun\"); await Task.Delay(-1, Rlef.Notebooks.Engine.CellCancellation.Token);");
        var run = await NotebookRunner.RunAsync(path, new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(1.5) },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("Timeout", run.Error?.Name);
        Assert.Equal(["stream", "error"], Notebook.Load(path).Cells[1].Outputs.Select(output => output!["output_type"]!.ToString()));
    }

    [Fact]
    public async Task A_flood_of_text_is_cut_and_says_so()
    {
        var path = Write("# Title", "for (var i = 0; i < 3000; i++) Console.WriteLine(new string('x', 999)); Console.Error.Write(\"end\");");
        await NotebookRunner.RunAsync(path, cancellation: TestContext.Current.CancellationToken);
        var outputs = Notebook.Load(path).Cells[1].Outputs;
        var text = NotebookCell.Text(outputs[0]!["text"]);
        Assert.InRange(text.Length, 1 << 20, (1 << 20) + 100);
        Assert.EndsWith("an output keeps 1048576 characters.\n", text, StringComparison.Ordinal);
        Assert.Equal("end", NotebookCell.Text(outputs[1]!["text"]));
    }

    [Fact]
    public async Task Progress_reports_each_cell_at_its_start_and_its_end()
    {
        var path = Write("# Title", "var a = 1;", "\nthrow new Exception(\"no\");");
        var reports = new List<CellProgress>();
        await NotebookRunner.RunAsync(path, progress: new Collector(reports), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([(1, false, false), (1, true, false), (2, false, false), (2, true, true)],
            reports.Select(report => (report.Cell, report.Elapsed is not null, report.Error is not null)));
        Assert.Equal("throw new Exception(\"no\");", reports[2].FirstLine);
    }

    [Fact]
    public async Task A_notebook_of_another_language_is_refused_by_cell()
    {
        var path = Write("# Title", "1 + 1", "let x = 1");
        var notebook = Notebook.Load(path);
        notebook.Cells[2].Metadata["polyglot_notebook"] = new System.Text.Json.Nodes.JsonObject { ["kernelName"] = "fsharp" };
        notebook.Save(path);
        var error = await Assert.ThrowsAsync<NotebookFormatException>(() => NotebookRunner.RunAsync(path));
        Assert.Contains("$.cells[2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("fsharp", error.Message, StringComparison.Ordinal);
    }

    private string Write(string markdown, params string[] code)
    {
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Markdown, markdown);
        foreach (var source in code) notebook.Add(CellKind.Code, source);
        var path = Path.Combine(_folder.FullName, "test.ipynb");
        notebook.Save(path);
        return path;
    }

    private sealed class Collector(List<CellProgress> reports) : IProgress<CellProgress>
    {
        public void Report(CellProgress value) => reports.Add(value);
    }
}
