using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Events;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Figures;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// Runs notebooks top to bottom and writes their outputs back. The cells run in a process of their own, in the notebook's folder,
/// as in Jupyter: a cell that ends its process, or would never end, costs nothing that was shown before.
/// </summary>
public static partial class NotebookRunner
{
    /// <summary>
    /// Runs every code cell until one fails that is not tagged <c>raises-exception</c>, as Jupyter does. The file is written after each cell, whole or not at all, with the outputs so far;
    /// cells that did not run have none.
    /// </summary>
    /// <param name="cancellation">Interrupts the running cell, which fails by it.</param>
    /// <exception cref="NotebookFormatException">The file is no notebook, or its cells are not C#.</exception>
    /// <exception cref="IOException">The file cannot be read or written, or the process for the cells does not start.</exception>
    public static async Task<NotebookRun> RunAsync(
        string path, NotebookRunOptions? options = null, IProgress<CellProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new NotebookRunOptions();
        path = Path.GetFullPath(path);
        var output = Path.GetFullPath(options.OutputPath ?? path);
        var notebook = Notebook.Load(path);
        RefuseOtherLanguages(notebook, path);
        notebook.CompleteIds();
        var run = await RunCellsAsync(notebook, path, output, options, progress, cancellation).ConfigureAwait(false);
        // Drawing images can be interrupted, the results are saved already.
        var notice = await NotebookFigures.AddImagesAsync(notebook, cancellation).ConfigureAwait(false);
        notebook.Save(output);
        return run with { Notice = notice };
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
        notebook.Save(output);
        var clock = Stopwatch.StartNew();
        var recorder = new OutputRecorder();
        await using var host = await HostProcess.StartAsync(options.Host ?? Self(), Path.GetDirectoryName(path)!, options.Environment, cancellation).ConfigureAwait(false);
        var ran = 0;
        foreach (var cell in cells)
        {
            var number = ++ran;
            var firstLine = cell.Source.Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "";
            var report = new CellProgress(path, number, cells.Count, firstLine, null, null);
            progress?.Report(report);
            var started = clock.Elapsed;
            recorder.Begin(cell);
            var error = await RunCellAsync(host, cell, number, recorder, options.CellTimeout, cancellation).ConfigureAwait(false);
            if (error is not null) recorder.Add(error);
            recorder.Flush();
            cell.ExecutionCount = number;
            notebook.Save(output);
            progress?.Report(report with { Elapsed = clock.Elapsed - started, Error = error });
            if (error is not null && !(error.IsOfCode && cell.Tags.Contains("raises-exception"))) return new NotebookRun(output, ran, clock.Elapsed, number, error);
        }
        return new NotebookRun(output, ran, clock.Elapsed, null, null);
    }

    private static async Task<CellError?> RunCellAsync(
        HostProcess host, NotebookCell cell, int number, OutputRecorder recorder, TimeSpan? timeout, CancellationToken cancellation)
    {
        // The kernel takes a magic line as the end of the code before it, and counts lines anew after it.
        var source = KernelSelector().Replace(cell.Source.ReplaceLineEndings("\n"), "");
        var report = new ErrorReport($"Cell {number}", source);
        CellError? error = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (timeout is { } limit) stop.CancelAfter(limit);
        IReadOnlyList<Microsoft.DotNet.Interactive.Diagnostic> diagnostics = [];
        try
        {
            var end = await host.RunAsync(source, shown =>
            {
                recorder.Add(shown, number);
                if (shown is DiagnosticsProduced found) diagnostics = [.. diagnostics, .. found.Diagnostics];
                else if (shown is CommandFailed failed)
                    error = diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                        ? report.OfDiagnostics(diagnostics)
                        : report.OfException(failed.Message);
            }, stop.Token).ConfigureAwait(false);
            return end is null ? error : report.OfHost("ProcessEnded", $"the process that ran the cell {end}.");
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested
                ? report.OfHost("Interrupted", "the cell was interrupted.")
                : report.OfHost("Timeout", $"the cell was stopped after {timeout!.Value.TotalSeconds:0.###} s. Raise the limit, or make the cell smaller.");
        }
    }

    private static IReadOnlyList<string> Self()
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Assembly.GetEntryAssembly()!.Location, "notebook", "host"]
            : [program, "notebook", "host"];
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

    [GeneratedRegex(@"^[ \t]*#!(csharp|c#)[ \t]*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex KernelSelector();
}
