using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Rlef.Execution;

namespace Rlef.Notebooks.Tests.Engine;

/// <summary>What a notebook loads by <c>#r</c>.</summary>
public sealed class NotebookReferenceTests
{
    [Fact]
    public async Task A_library_of_the_users_own_brings_its_neighbours_and_shares_this_librarys_types()
    {
        using var notebook = new TestNotebook(
            TestNotebook.Library, "#r \"./OwnLibrary.dll\"\nvar limits = new Own.Library().Helper.Limits;", "object.ReferenceEquals(limits, Rlef.Execution.Limits.Default)");
        var core = typeof(Limits).Assembly.Location;
        var helper = Compile(notebook.Folder, "OwnHelper", "namespace Own; public class Helper { public Rlef.Execution.Limits Limits => Rlef.Execution.Limits.Default; }", core);
        Compile(notebook.Folder, "OwnLibrary", "namespace Own; public class Library { public Helper Helper => new(); }", helper, core);
        await notebook.RunWellAsync();
        Assert.Equal(["execute_result: True"], notebook.Shown(3));
    }

    [Fact]
    public async Task A_figure_is_shown_by_the_very_first_use_of_the_library()
    {
        using var notebook = new TestNotebook(TestNotebook.Library, "Charts.Lines(\"Solved\", \"turns\", \"share\", [Curve.OverSeeds(\"real\", [1, 2], [[0.1, 0.2]])])");
        await notebook.RunWellAsync();
        Assert.Equal(["execute_result: Figure: Solved; share over turns; real"], notebook.Shown(2));
    }

    private static string Compile(string folder, string name, string source, params string[] references)
    {
        var path = Path.Combine(folder, name + ".dll");
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal));
        var result = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)],
            framework.Concat(references).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }
}
