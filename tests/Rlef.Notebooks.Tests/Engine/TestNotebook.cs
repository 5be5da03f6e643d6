using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Engine;

/// <summary>A notebook in a folder of its own: a heading, then code cells.</summary>
internal sealed class TestNotebook : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlef-notebook-");

    public TestNotebook(params string[] code)
    {
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Markdown, "# Title");
        foreach (var source in code) notebook.Add(CellKind.Code, source);
        notebook.Save(Path);
    }

    /// <summary>Makes this library's types and formatters known to a cell.</summary>
    public static string Library { get; } = $"#r \"{typeof(NotebookHost).Assembly.Location}\"\nusing Rlef.Notebooks;\nusing Rlef.Notebooks.Engine;";

    public string Folder => _folder.FullName;

    public string Path => System.IO.Path.Combine(Folder, "test.ipynb");

    public IReadOnlyList<NotebookCell> Code => [.. Notebook.Load(Path).Cells.Where(cell => cell.Kind == CellKind.Code)];

    public Task<NotebookRun> RunAsync(NotebookRunOptions? options = null, IProgress<CellProgress>? progress = null, CancellationToken? cancellation = null) =>
        NotebookRunner.RunAsync(Path, options, progress, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>Runs it where no cell may fail.</summary>
    public async Task<IReadOnlyList<NotebookCell>> RunWellAsync(NotebookRunOptions? options = null)
    {
        var run = await RunAsync(options);
        Assert.True(run.Succeeded, string.Join('\n', run.Error?.Traceback ?? []));
        return Code;
    }

    /// <summary>The outputs of a code cell, from 1, in a line each: the stream, or the kind, and the plain text.</summary>
    public IReadOnlyList<string> Shown(int cell) => [.. Code[cell - 1].Outputs.Select(output => Show(output!))];

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Show(JsonNode output) => output["output_type"]!.ToString() switch
    {
        "stream" => $"{output["name"]}: {NotebookCell.Text(output["text"])}",
        "error" => $"error: {output["ename"]}: {output["evalue"]}",
        var kind => $"{kind}: {NotebookCell.Text(output["data"]!["text/plain"])}",
    };
}
