using System.Diagnostics;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Figures;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// Runs notebooks top to bottom in this process and writes their outputs back. A notebook runs in its own folder, as in
/// Jupyter; folder and environment belong to the process, so notebooks run one after the other.
/// </summary>
public static class NotebookRunner
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>
    /// Runs every code cell until one fails. The file is written whole or not at all, also after a failure or an interruption,
    /// with the outputs so far; cells that did not run have none.
    /// </summary>
    /// <exception cref="NotebookFormatException">The file is no notebook, or its cells are not C#.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static async Task<NotebookRun> RunAsync(
        string path, NotebookRunOptions? options = null, IProgress<CellProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new NotebookRunOptions();
        path = Path.GetFullPath(path);
        var output = Path.GetFullPath(options.OutputPath ?? path);
        await OneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        var folder = Environment.CurrentDirectory;
        var environment = options.Environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            var notebook = Notebook.Load(path);
            RefuseOtherLanguages(notebook, path);
            Environment.CurrentDirectory = Path.GetDirectoryName(path)!;
            foreach (var (name, value) in options.Environment) Environment.SetEnvironmentVariable(name, value);
            var run = await RunCellsAsync(notebook, path, output, options, progress, cancellation).ConfigureAwait(false);
            // Saved first without images: drawing them can be interrupted, the results must not be lost with it.
            notebook.Save(output);
            var notice = await NotebookFigures.AddImagesAsync(notebook, cancellation).ConfigureAwait(false);
            notebook.Save(output);
            return run with { Notice = notice };
        }
        finally
        {
            foreach (var (name, value) in environment) Environment.SetEnvironmentVariable(name, value);
            Environment.CurrentDirectory = folder;
            OneAtATime.Release();
        }
    }

    private static async Task<NotebookRun> RunCellsAsync(
        Notebook notebook, string path, string output, NotebookRunOptions options, IProgress<CellProgress>? progress, CancellationToken cancellation)
    {
        List<NotebookCell> cells = [.. notebook.Cells.Where(cell => cell.Kind == CellKind.Code)];
        foreach (var cell in cells)
        {
            cell.ExecutionCount = null;
            cell.Outputs.Clear();
        }
        var clock = Stopwatch.StartNew();
        var recorder = new OutputRecorder();
        using var engine = new NotebookEngine(Path.GetDirectoryName(path)!);
        var ran = 0;
        foreach (var cell in cells)
        {
            var number = ++ran;
            var firstLine = cell.Source.Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "";
            var report = new CellProgress(path, number, cells.Count, firstLine, null, null);
            progress?.Report(report);
            var started = clock.Elapsed;
            recorder.Begin(cell);
            CellResult result;
            try
            {
                result = await engine.ExecuteAsync(
                    cell.Source, shown => recorder.Add(shown, number), options.CellTimeout, $"Cell {number}", cancellation).ConfigureAwait(false);
            }
            finally
            {
                recorder.Flush();
            }
            cell.ExecutionCount = result.ExecutionCount;
            progress?.Report(report with { Elapsed = clock.Elapsed - started, Error = result.Error });
            if (result.Error is not null) return new NotebookRun(output, ran, clock.Elapsed, number, result.Error);
        }
        return new NotebookRun(output, ran, clock.Elapsed, null, null);
    }

    private static void RefuseOtherLanguages(Notebook notebook, string path)
    {
        if (notebook.Language is { } language && !IsCSharp(language))
            throw new NotebookFormatException($"{path}: at $.metadata.kernelspec the language is '{language}'; only C# notebooks can be run.");
        for (var i = 0; i < notebook.Cells.Count; i++)
            if (notebook.Cells[i] is { Kind: CellKind.Code, Language: { } cellLanguage } && !IsCSharp(cellLanguage))
                throw new NotebookFormatException($"{path}: the code cell at $.cells[{i}] is '{cellLanguage}'; only C# cells can be run.");
    }

    private static bool IsCSharp(string language) => language.ToLowerInvariant() is "c#" or "csharp" or ".net-csharp";
}
