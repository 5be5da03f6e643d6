using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Rlef.Execution;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Engine;

public sealed class NotebookEngineTests : IDisposable
{
    private static readonly string Library = typeof(NotebookEngine).Assembly.Location;
    private readonly NotebookEngine _engine = new(AppContext.BaseDirectory);
    private readonly CellLog _cells;

    public NotebookEngineTests() => _cells = new CellLog(_engine);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task State_types_and_usings_live_across_cells()
    {
        await _cells.RunAsync("using System.Globalization;\nrecord Point(int X);\nint Twice(int x) => 2 * x;\nvar point = new Point(20);");
        await _cells.RunAsync("var answer = Twice(point.X) + 2;");
        Assert.Equal("42", await _cells.ValueAsync("answer"));
        Assert.Equal("1.5", await _cells.ValueAsync("1.5.ToString(CultureInfo.InvariantCulture)"));
    }

    [Fact]
    public async Task A_trailing_expression_is_shown_and_a_statement_is_not()
    {
        Assert.Equal("3", await _cells.ValueAsync("1 + 2"));
        Assert.Null(await _cells.ValueAsync("var x = 1 + 2;"));
        Assert.Equal("7", await _cells.ValueAsync("await Task.FromResult(7)"));
        Assert.Null(await _cells.ValueAsync("display(5)"));
    }

    [Fact]
    public async Task Console_display_and_value_come_in_the_order_of_the_program()
    {
        await _cells.RunAsync("""
            Console.Write("a"); display("b"); Console.Error.Write("c");
            await Task.Run(() => Console.WriteLine("d"));
            "e".Display();
            "f"
            """);
        Assert.Equal(["Stream", "Display", "Stream", "Stream", "Display", "Result"], _cells.Shown.Select(shown => shown.GetType().Name));
        Assert.Equal("ad\n", _cells.Stdout);
    }

    [Fact]
    public async Task A_display_is_updated_from_its_own_and_from_a_later_cell()
    {
        await _cells.RunAsync("var live = display(\"0 %\"); live.Update(\"50 %\");");
        await _cells.RunAsync("live.Update(\"100 %\");");
        var id = Assert.Single(_cells.Shown.OfType<CellEvent.Display>()).DisplayId;
        Assert.Equal(["50 %", "100 %"], _cells.Shown.OfType<CellEvent.Update>()
            .Where(update => update.DisplayId == id).Select(update => update.Data.Data["text/plain"].ToString()));
    }

    [Fact]
    public async Task An_exception_names_cell_and_line_and_keeps_what_was_shown_and_assigned()
    {
        await _cells.RunAsync("var before = 1;");
        var result = await _cells.RunAsync("var kept = 5;\nConsole.Write(\"so far\");\n\nthrow new InvalidOperationException(\"broken\");\n");
        Assert.Equal("so far", _cells.Stdout);
        Assert.Equal("System.InvalidOperationException", result.Error?.Name);
        Assert.Equal("broken", result.Error?.Message);
        Assert.Equal(4, result.Error?.Line);
        Assert.Equal("Cell 2, line 4: System.InvalidOperationException: broken", result.Error?.Traceback[0]);
        Assert.Equal("    throw new InvalidOperationException(\"broken\");", result.Error?.Traceback[1]);
        Assert.IsType<CellEvent.Failed>(_cells.Shown[^1]);
        Assert.Equal("6", await _cells.ValueAsync("before + kept"));
    }

    [Fact]
    public async Task An_exception_in_a_function_of_an_earlier_cell_names_the_line_that_called_it()
    {
        await _cells.RunAsync("int Half(int x)\n{\n    if (x < 0) throw new ArgumentException(\"negative\");\n    return x / 2;\n}");
        var result = await _cells.RunAsync("var a = 1;\n\nHalf(-1)");
        Assert.Equal(3, result.Error?.Line);
        Assert.Contains(result.Error!.Traceback, line => line.Contains("Cell 1:line 3", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Error.Traceback, line => line.Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_compile_error_names_every_place_and_runs_nothing()
    {
        var result = await _cells.RunAsync("Console.Write(\"ran\");\nint x = nothing;\nint y = neither;");
        Assert.Equal("", _cells.Stdout);
        Assert.Equal("CompileError", result.Error?.Name);
        Assert.Equal(2, result.Error?.Line);
        Assert.Equal("Cell 1, line 2, column 9: CS0103: The name 'nothing' does not exist in the current context", result.Error?.Traceback[0]);
        Assert.Contains(result.Error!.Traceback, line => line.StartsWith("Cell 1, line 3, column 9", StringComparison.Ordinal));
        Assert.Equal("1", await _cells.ValueAsync("1"));
    }

    [Theory]
    [InlineData("var a = 1;\n#!time\n", 2, "#!time")]
    [InlineData("#r \"nuget: TorchSharp\"", 1, "nuget")]
    [InlineData("#i \"nuget:https://example.org\"", 1, "#i")]
    [InlineData("\n\n#r \"../no/Such.dll\"", 3, "../no/Such.dll")]
    public async Task What_only_other_hosts_support_is_refused_by_name_and_line(string code, int line, string named)
    {
        var error = (await _cells.RunAsync(code)).Error;
        Assert.Equal("Unsupported", error?.Name);
        Assert.Equal(line, error?.Line);
        Assert.Contains(named, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_csharp_magic_is_allowed() => Assert.Equal("2", await _cells.ValueAsync("#!csharp\n1 + 1"));

    [Fact]
    public async Task Types_of_a_referenced_library_and_of_its_dependencies_are_the_hosts_own()
    {
        var copy = Directory.CreateTempSubdirectory("rlef-reference-");
        try
        {
            // The same library in another folder, as a release build is beside a debug host.
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Library)!, "*.dll"))
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            await _cells.ValueAsync($"#r \"{Path.Combine(copy.FullName, "Rlef.Notebooks.dll")}\"\nusing Rlef.Execution;\nusing Rlef.Notebooks.Documents;");
            await _cells.ValueAsync("AppDomain.CurrentDomain.SetData(\"limits\", typeof(Limits)); AppDomain.CurrentDomain.SetData(\"notebook\", Notebook.Create());");
            Assert.Same(typeof(Limits), AppDomain.CurrentDomain.GetData("limits"));
            Assert.IsType<Rlef.Notebooks.Documents.Notebook>(AppDomain.CurrentDomain.GetData("notebook"));
            Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "Rlef.Core");
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_library_of_the_users_own_brings_its_neighbours()
    {
        var folder = Directory.CreateTempSubdirectory("rlef-library-");
        try
        {
            var suffix = Guid.NewGuid().ToString("n");
            var helper = Compile(folder, $"Helper{suffix}", "namespace Own; public class Helper { public Rlef.Execution.Limits Limits => Rlef.Execution.Limits.Default; }", typeof(Limits).Assembly.Location);
            Compile(folder, $"Library{suffix}", "namespace Own; public class Library { public Helper Helper => new(); }", helper, typeof(Limits).Assembly.Location);
            using var engine = new NotebookEngine(folder.FullName);
            var cells = new CellLog(engine);
            await cells.ValueAsync($"#r \"./Library{suffix}.dll\"\nvar limits = new Own.Library().Helper.Limits;");
            Assert.Equal("True", await cells.ValueAsync("object.ReferenceEquals(limits, Rlef.Execution.Limits.Default)"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string Compile(DirectoryInfo folder, string name, string source, params string[] references)
        {
            var path = Path.Combine(folder.FullName, name + ".dll");
            var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal));
            var result = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)],
                framework.Concat(references).Select(file => MetadataReference.CreateFromFile(file)),
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path);
            Assert.True(result.Success, string.Join('\n', result.Diagnostics));
            return path;
        }
    }

    [Fact]
    public async Task A_cell_out_of_time_stops_when_it_heeds_the_token_and_the_session_goes_on()
    {
        var result = await _cells.RunAsync(
            "Console.Write(\"begun\");\nawait Task.Delay(System.Threading.Timeout.Infinite, Rlef.Notebooks.Engine.CellCancellation.Token);",
            TimeSpan.FromSeconds(1.5));
        Assert.Equal("begun", _cells.Stdout);
        Assert.Equal("Timeout", result.Error?.Name);
        Assert.DoesNotContain("left running", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("1", await _cells.ValueAsync("1"));
    }

    [Fact]
    public async Task A_cell_that_ignores_an_interrupt_is_left_behind_and_silenced()
    {
        using var go = new CancellationTokenSource();
        AppDomain.CurrentDomain.SetData("release", new TaskCompletionSource());
        AppDomain.CurrentDomain.SetData("interrupt", (Action)go.Cancel);
        var result = await _cells.RunAsync("""
            var release = (TaskCompletionSource)AppDomain.CurrentDomain.GetData("release");
            ((Action)AppDomain.CurrentDomain.GetData("interrupt"))();
            release.Task.Wait();
            Console.Write("too late");
            """, cancellation: go.Token);
        ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("release")!).SetResult();
        Assert.Equal("Interrupted", result.Error?.Name);
        Assert.Contains("left running", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("1", await _cells.ValueAsync("1"));
        Assert.Equal("", _cells.Stdout);
    }

    [Fact]
    public async Task Two_sessions_do_not_mix()
    {
        using var other = new NotebookEngine(AppContext.BaseDirectory);
        var otherCells = new CellLog(other);
        await Task.WhenAll(
            _cells.RunAsync("var x = 1; for (var i = 0; i < 100; i++) { Console.Write('a'); await Task.Yield(); }"),
            otherCells.RunAsync("var x = 2; for (var i = 0; i < 100; i++) { Console.Write('b'); await Task.Yield(); }"));
        Assert.Equal(new string('a', 100), _cells.Stdout);
        Assert.Equal(new string('b', 100), otherCells.Stdout);
        Assert.Equal("1", await _cells.ValueAsync("x"));
        Assert.Equal("2", await otherCells.ValueAsync("x"));
    }

    [Fact]
    public async Task Values_come_as_html_and_as_plain_text()
    {
        await _cells.RunAsync("display(new[] { new { Arm = \"real\", Solved = 0.5 } }); HTML(\"<b>bold</b>\")");
        var table = Assert.IsType<CellEvent.Display>(_cells.Shown[0]).Data.Data;
        Assert.StartsWith("<table>", table["text/html"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<style>", table["text/html"].ToString(), StringComparison.Ordinal);
        Assert.Contains("real", table["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.Equal("<b>bold</b>", Assert.IsType<CellEvent.Result>(_cells.Shown[1]).Data.Data["text/html"].ToString());
    }
}
