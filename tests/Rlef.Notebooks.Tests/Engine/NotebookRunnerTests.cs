using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Engine;

public sealed class NotebookRunnerTests
{
    [Fact]
    public async Task Cells_run_in_order_and_their_outputs_are_written_back()
    {
        using var notebook = new TestNotebook("Console.WriteLine(\"a\"); Console.WriteLine(\"b\");", "display(1 + 1); 40 + 2", "record Point(int X);\nvar point = new Point(20);", "point.X");
        var cells = await notebook.RunWellAsync();
        Assert.Equal([1, 2, 3, 4], cells.Select(cell => cell.ExecutionCount));
        Assert.Equal(["stdout: a\nb\n"], notebook.Shown(1));
        Assert.Equal(["display_data: 2", "execute_result: 42"], notebook.Shown(2));
        Assert.Equal(2, cells[1].Outputs[1]!["execution_count"]!.GetValue<int>());
        Assert.Empty(notebook.Shown(3));
        Assert.Equal(["execute_result: 20"], notebook.Shown(4));
    }

    [Fact]
    public async Task Files_are_at_hand_without_a_using()
    {
        using var notebook = new TestNotebook("File.WriteAllText(\"a.txt\", \"a\");", "Path.GetFileName(Directory.GetFiles(\".\", \"*.txt\").Single())");
        await notebook.RunWellAsync();
        Assert.Equal(["execute_result: a.txt"], notebook.Shown(2));
    }

    [Fact]
    public async Task Console_display_and_value_come_in_the_order_of_the_program()
    {
        using var notebook = new TestNotebook("Console.Write(\"a\"); display(\"b\"); Console.Error.Write(\"c\");\nawait Task.Run(() => Console.WriteLine(\"d\"));\n\"e\".Display();\n\"f\"");
        await notebook.RunWellAsync();
        Assert.Equal(["stdout: a", "display_data: b", "stderr: c", "stdout: d\n", "display_data: e", "execute_result: f"], notebook.Shown(1));
    }

    [Fact]
    public async Task A_display_is_updated_in_its_place_also_from_a_later_cell_and_the_same_notebook_run_twice_is_the_same_file()
    {
        using var notebook = new TestNotebook(TestNotebook.Library + "\nvar live = LiveDisplay.Show(\"one\"); display(\"between\"); live.Update(\"two\");", "live.Update(\"three\");");
        await notebook.RunWellAsync();
        Assert.Equal(["display_data: three", "display_data: between"], notebook.Shown(1));
        Assert.Empty(notebook.Shown(2));
        var first = File.ReadAllText(notebook.Path);
        await notebook.RunWellAsync();
        Assert.Equal(first, File.ReadAllText(notebook.Path));
    }

    [Fact]
    public async Task Values_come_as_html_and_as_plain_text_and_without_the_kernels_style_sheet()
    {
        using var notebook = new TestNotebook("display(new[] { new { Arm = \"real\", Solved = 0.5 } }); HTML(\"<b>bold</b>\")");
        var outputs = (await notebook.RunWellAsync())[0].Outputs;
        var table = NotebookCell.Text(outputs[0]!["data"]!["text/html"]);
        Assert.Contains("<table", table, StringComparison.Ordinal);
        Assert.DoesNotContain("dni-", table, StringComparison.Ordinal);
        Assert.Contains("real", NotebookCell.Text(outputs[0]!["data"]!["text/plain"]), StringComparison.Ordinal);
        var html = Assert.Single(outputs[1]!["data"]!.AsObject());
        Assert.Equal(("text/html", "<b>bold</b>"), (html.Key, NotebookCell.Text(html.Value)));
    }

    [Fact]
    public async Task Collections_are_shown()
    {
        (string Code, string Text)[] collections =
        [
            ("new[] { 1, 2, 3 }", "[ 1, 2, 3 ]"), ("new List<string> { \"a\", \"b < c\" }", "[ a, b < c ]"), ("Enumerable.Range(0, 3).Select(i => i * 2)", "[ 0, 2, 4 ]"),
            ("display(new HashSet<double> { 1.5 });", ""), ("new int[0]", "[  ]"), ("new[,] { { true } }", ""), ("new Dictionary<string, int> { [\"a\"] = 1 }", ""),
            ("new object[] { 1, \"a\", null }", ""),
        ];
        using var notebook = new TestNotebook([.. collections.Select(c => c.Code)]);
        foreach (var (cell, (code, text)) in (await notebook.RunWellAsync()).Zip(collections))
        {
            var data = Assert.Single(cell.Outputs)!["data"]!.AsObject();
            Assert.True(data.Count > 0, code);
            if (text.Length > 0)
                Assert.Equal(text, NotebookCell.Text(data["text/plain"]));
        }
    }

    [Fact]
    public async Task A_cell_that_is_to_fail_may()
    {
        using var notebook = new TestNotebook("throw new Exception(\"as told\");", "1", "Environment.Exit(3);", "2");
        var tagged = Notebook.Load(notebook.Path);
        foreach (var cell in tagged.Cells)
            cell.Metadata["tags"] = new JsonArray("raises-exception");
        tagged.Save(notebook.Path);
        var run = await notebook.RunAsync();
        Assert.Equal((3, 3, "ProcessEnded"), (run.CellsRun, run.FailedCell, run.Error?.Name));
        Assert.StartsWith("error: System.Exception: as told", Assert.Single(notebook.Shown(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_cell_stops_the_run_and_names_its_line_and_the_outputs_so_far_are_kept()
    {
        using var notebook = new TestNotebook("Console.Write(\"first\");", "Console.Write(\"second\");\nint.Parse(\"x\");", "Console.Write(\"third\");");
        var stale = Notebook.Load(notebook.Path);
        stale.Cells[3].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "stale" });
        stale.Save(notebook.Path);
        var run = await notebook.RunAsync();
        Assert.Equal((2, 2, 2), (run.CellsRun, run.FailedCell, run.Error?.Line));
        Assert.Equal(["stdout: first"], notebook.Shown(1));
        Assert.Equal(["stdout: second", "error: System.FormatException: The input string 'x' was not in a correct format."], notebook.Shown(2));
        var traceback = notebook.Code[1].Outputs[1]!["traceback"]!.AsArray();
        Assert.StartsWith("Cell 2, line 2: System.FormatException", traceback[0]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("    int.Parse(\"x\");", traceback[1]!.ToString());
        Assert.Empty(notebook.Shown(3));
        Assert.Null(notebook.Code[2].ExecutionCount);
    }

    [Fact]
    public async Task An_exception_in_a_function_of_an_earlier_cell_names_the_line_that_called_it()
    {
        using var notebook = new TestNotebook("int Half(int x)\n{\n    if (x < 0) throw new ArgumentException(\"negative\");\n    return x / 2;\n}", "var a = 1;\n\nHalf(-1)");
        var error = (await notebook.RunAsync()).Error!;
        Assert.Equal((3, "negative"), (error.Line, error.Message));
        Assert.Contains(error.Traceback, line => line.EndsWith("in Cell 1:line 3", StringComparison.Ordinal));
        Assert.DoesNotContain(error.Traceback, line => line.Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal) || line.Contains(notebook.Folder, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrapped_exception_is_reported_by_the_line_that_threw_it_and_by_its_cause()
    {
        using var notebook = new TestNotebook("void Inner()\n{\n    throw new ArgumentException(\"cause\");\n}", "try { Inner(); }\ncatch (Exception e)\n{\n    throw new InvalidOperationException(\"outer\\nof two lines\", e);\n}");
        var error = (await notebook.RunAsync()).Error!;
        Assert.Equal(("System.InvalidOperationException", "outer\nof two lines", 4), (error.Name, error.Message, error.Line));
        Assert.Contains("caused by System.ArgumentException: cause", error.Traceback);
    }

    [Fact]
    public async Task A_compile_error_names_every_place_and_runs_nothing()
    {
        using var notebook = new TestNotebook("Console.Write(\"ran\");\nint x = nothing;\nint y = neither;");
        var error = (await notebook.RunAsync()).Error!;
        Assert.Equal(("CompileError", 2), (error.Name, error.Line));
        Assert.Equal("Cell 1, line 2, column 9: CS0103: The name 'nothing' does not exist in the current context", error.Traceback[0]);
        Assert.Contains(error.Traceback, line => line.StartsWith("Cell 1, line 3, column 9", StringComparison.Ordinal));
        Assert.Equal("error", Assert.Single(notebook.Code[0].Outputs)!["output_type"]!.ToString());
    }

    [Theory]
    [InlineData("#!csharp\r\nvar a = 1;\r\nvar b = a +;\r\n", 3)]
    [InlineData("#!csharp\r\nvar a = \"\"\"\r\nx\r\n\"\"\";\r\nConsole.WriteLine(a.Length);\r\nthrow new Exception(\"here\");\r\n", 6)]
    public async Task Lines_are_counted_behind_a_magic_and_with_windows_line_ends(string code, int line)
    {
        using var notebook = new TestNotebook(code);
        Assert.Equal(line, (await notebook.RunAsync()).Error?.Line);
    }

    [Theory]
    [InlineData("#r \"nuget: TorchSharp\"", 1, "Packages are not restored")]
    [InlineData("\n\n#r \"../no/Such.dll\"", 3, "dotnet build")]
    public async Task A_reference_that_is_not_there_says_what_to_do(string code, int line, string wayOut)
    {
        using var notebook = new TestNotebook(code);
        var error = (await notebook.RunAsync()).Error!;
        Assert.Equal(line, error.Line);
        Assert.Contains(wayOut, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Environment.Exit(3);", "exit code 3")]
    // What it started goes on, with its output.
    [InlineData("System.Diagnostics.Process.Start(\"sleep\", \"60\");\nEnvironment.Exit(4);", "exit code 4")]
    [InlineData("async void Late() { await Task.Yield(); throw new InvalidOperationException(\"late\"); }\nLate();\nawait Task.Delay(-1);", "unhandled exception: System.InvalidOperationException: late")]
    [InlineData("new System.Threading.Thread(() => throw new Exception(\"thrown aside\")).Start();\nawait Task.Delay(-1);", "unhandled exception: System.Exception: thrown aside")]
    [InlineData("int F(int n) => F(n + 1) + 1;\nF(0)", "stack overflow")]
    [InlineData("Environment.FailFast(\"given up\");", "signal 6: given up")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", "signal 9")]
    public async Task A_cell_that_ends_its_process_is_reported_by_number_and_reason_and_what_was_shown_is_kept(string code, string reason)
    {
        using var notebook = new TestNotebook("Console.WriteLine(\"first result\");", code, "Console.WriteLine(\"never\");");
        var run = await notebook.RunAsync();
        Assert.Equal((2, "ProcessEnded"), (run.FailedCell, run.Error?.Name));
        Assert.Contains(reason, run.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', run.Error.Message);
        Assert.Equal(["stdout: first result\n"], notebook.Shown(1));
        Assert.StartsWith("error: ProcessEnded: ", Assert.Single(notebook.Shown(2)), StringComparison.Ordinal);
        Assert.Empty(notebook.Shown(3));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await Task.Delay(-1, CellCancellation.Token);")]
    public async Task A_cell_over_its_time_is_stopped_whether_it_heeds_that_or_not(string code)
    {
        using var notebook = new TestNotebook(TestNotebook.Library, "Console.Write(\"begun\");\n" + code);
        var run = await notebook.RunAsync(new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(15) });
        Assert.Equal((2, "Timeout"), (run.FailedCell, run.Error?.Name));
        Assert.Equal(["stdout: begun", "error: Timeout: the cell was stopped after 15 s. Raise the limit, or make the cell smaller."], notebook.Shown(2));
    }

    [Fact]
    public async Task An_interrupt_stops_the_cell_which_hears_of_it_and_the_file_has_what_came_before()
    {
        using var notebook = new TestNotebook(
            TestNotebook.Library + "\nConsole.WriteLine(\"first\");",
            "CellCancellation.Token.Register(() => System.IO.File.WriteAllText(\"heard.txt\", \"\"));\nSystem.IO.File.WriteAllText(\"begun.txt\", \"\");\nawait Task.Delay(-1);");
        using var interrupt = new CancellationTokenSource();
        using var begun = new FileSystemWatcher(notebook.Folder, "begun.txt");
        begun.Created += (_, _) => interrupt.Cancel();
        begun.EnableRaisingEvents = true;
        var run = await notebook.RunAsync(cancellation: interrupt.Token);
        Assert.Equal((2, "Interrupted"), (run.FailedCell, run.Error?.Name));
        Assert.Equal(["stdout: first\n"], notebook.Shown(1));
        Assert.Equal(["error: Interrupted: the cell was interrupted."], notebook.Shown(2));
        Assert.True(File.Exists(Path.Combine(notebook.Folder, "heard.txt")));
    }

    [Fact]
    public async Task The_file_has_a_cells_outputs_while_the_next_one_runs()
    {
        using var notebook = new TestNotebook("Console.WriteLine(\"first\");", "System.IO.File.ReadAllText(\"test.ipynb\").Contains(\"first\\\\n\")");
        await notebook.RunWellAsync();
        Assert.Equal(["execute_result: True"], notebook.Shown(2));
    }

    [Fact]
    public async Task Parameters_are_environment_variables_of_the_cells_only_and_the_folder_is_the_notebooks()
    {
        using var notebook = new TestNotebook("Environment.GetEnvironmentVariable(\"RLEF_TEST_SIZE\") + \" \" + System.IO.File.ReadAllText(\"beside.txt\")");
        File.WriteAllText(Path.Combine(notebook.Folder, "beside.txt"), "found");
        var output = Path.Combine(notebook.Folder, "out.ipynb");
        await notebook.RunWellAsync(new NotebookRunOptions { Environment = new Dictionary<string, string?> { ["RLEF_TEST_SIZE"] = "full" }, OutputPath = output });
        Assert.Equal("full found", NotebookCell.Text(Notebook.Load(output).Cells[1].Outputs[0]!["data"]!["text/plain"]));
        Assert.Empty(notebook.Shown(1));
        Assert.Null(Environment.GetEnvironmentVariable("RLEF_TEST_SIZE"));
    }

    [Fact]
    public async Task A_flood_of_text_is_cut_and_says_so()
    {
        using var notebook = new TestNotebook("for (var i = 0; i < 3000; i++) Console.WriteLine(new string('x', 999)); Console.Error.Write(\"end\");");
        await notebook.RunWellAsync();
        var shown = notebook.Shown(1);
        Assert.InRange(shown[0].Length, 1 << 20, (1 << 20) + 100);
        Assert.EndsWith("an output keeps 1048576 characters.\n", shown[0], StringComparison.Ordinal);
        Assert.Equal("stderr: end", shown[1]);
    }

    [Fact]
    public async Task Progress_reports_each_cell_at_its_start_and_its_end()
    {
        using var notebook = new TestNotebook("var a = 1;", "\nthrow new Exception(\"no\");");
        var reports = new List<CellProgress>();
        await notebook.RunAsync(progress: new Collector(reports));
        Assert.Equal([(1, false, false), (1, true, false), (2, false, false), (2, true, true)],
            reports.Select(report => (report.Cell, report.Elapsed is not null, report.Error is not null)));
        Assert.Equal("throw new Exception(\"no\");", reports[2].FirstLine);
    }

    [Fact]
    public async Task A_notebook_of_another_language_is_refused_by_cell()
    {
        using var notebook = new TestNotebook("1 + 1", "let x = 1");
        var edited = Notebook.Load(notebook.Path);
        edited.Cells[2].Metadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = "fsharp" };
        edited.Save(notebook.Path);
        var error = await Assert.ThrowsAsync<NotebookFormatException>(() => notebook.RunAsync());
        Assert.Contains("$.cells[2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("fsharp", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_no_kernel_is_named()
    {
        using var notebook = new TestNotebook("1");
        var error = await Assert.ThrowsAsync<IOException>(() => notebook.RunAsync(new NotebookRunOptions { Host = ["/bin/sh", "-c", "exit 7"] }));
        Assert.Contains("/bin/sh", error.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 7", error.Message, StringComparison.Ordinal);
    }

    private sealed class Collector(List<CellProgress> reports) : IProgress<CellProgress>
    {
        public void Report(CellProgress value) => reports.Add(value);
    }
}
