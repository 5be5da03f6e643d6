using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// A C# session: cells run one after the other, each sees the variables, types and usings of those before. Cells run in this
/// process; one at a time.
/// </summary>
public sealed class NotebookEngine : IDisposable
{
    private static readonly string[] Imports =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text",
        "System.Threading.Tasks", "Rlef.Notebooks.Engine.CellFunctions",
    ];

    /// <summary>How long a cancelled cell gets to stop by itself before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly HostReferences _references;
    private readonly ScriptOptions _options;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private ScriptState<object>? _state;
    private CellScope? _previous;
    private int _executionCount;

    /// <param name="folder">Where relative <c>#r</c> paths start: the notebook's folder.</param>
    public NotebookEngine(string folder)
    {
        ConsoleRouter.Install();
        NotebookFormatters.EnsureRegistered();
        _references = new HostReferences(Path.GetFullPath(folder), _loader);
        var self = typeof(NotebookEngine).Assembly;
        _loader.RegisterDependency(self);
        _options = ScriptOptions.Default
            .WithMetadataResolver(_references)
            .AddReferences(HostReferences.Reference(self.Location, MetadataReferenceProperties.Assembly))
            .AddReferences(HostReferences.Reference(typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly.Location, MetadataReferenceProperties.Assembly))
            .AddImports(Imports)
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithFileEncoding(Encoding.UTF8)
            .WithEmitDebugInformation(true);
    }

    internal Script<object>? LastScript => _state?.Script as Script<object>;

    internal ScriptOptions Options => _options;

    /// <summary>Runs a cell. A failure is a result, not an exception; the session stays usable after it.</summary>
    /// <param name="code">The cell's source.</param>
    /// <param name="listener">Gets what the cell shows, in order, one call at a time. It must not write to the console.</param>
    /// <param name="timeout">How long the cell may run; null is for ever.</param>
    /// <param name="cellName">What reports call the cell; null is <c>Cell n</c>.</param>
    /// <exception cref="OperationCanceledException">The session was busy until <paramref name="cancellation"/>.</exception>
    public async Task<CellResult> ExecuteAsync(
        string code, Action<CellEvent> listener, TimeSpan? timeout = null, string? cellName = null, CancellationToken cancellation = default)
    {
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var count = ++_executionCount;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (timeout is { } limit) stop.CancelAfter(limit);
            var scope = new CellScope(stop.Token);
            foreach (var late in _previous?.TakeLate() ?? []) listener(late);
            _previous = scope;
            scope.Open(listener);
            var report = new ErrorReport(cellName ?? $"Cell {count}", code);
            // Compiling and running leave the caller's thread, and the scope flows into them but not back out.
            var work = Task.Run(() => RunAsync(code, cellName ?? $"Cell {count}", report, scope), CancellationToken.None);
            CellError? error;
            if (await StopsAsync(work, stop.Token).ConfigureAwait(false))
            {
                error = await work.ConfigureAwait(false);
                if (error is not null && stop.IsCancellationRequested) error = Stopped(report, cancellation, timeout, leftRunning: false);
            }
            else
            {
                scope.Abandon();
                error = Stopped(report, cancellation, timeout, leftRunning: true);
            }
            if (error is not null)
            {
                scope.Close();
                listener(new CellEvent.Failed(error));
            }
            scope.Close();
            return new CellResult(count, error);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _loader.Dispose();
        _oneAtATime.Dispose();
    }

    private static CellError Stopped(ErrorReport report, CancellationToken cancellation, TimeSpan? timeout, bool leftRunning)
    {
        var rest = leftRunning ? " It did not react and is left running in the background: restart the session before going on." : "";
        return cancellation.IsCancellationRequested
            ? report.OfHost("Interrupted", "the cell was interrupted." + rest)
            : report.OfHost("Timeout", $"the cell was stopped after {timeout!.Value.TotalSeconds:0.###} s. Raise the limit, or make the cell smaller." + rest);
    }

    /// <summary>True when the work ended, by itself or within the grace after cancellation.</summary>
    private static async Task<bool> StopsAsync(Task work, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        if (await Task.WhenAny(work, stopped.Task).ConfigureAwait(false) == work) return true;
        return await Task.WhenAny(work, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false) == work;
    }

    private async Task<CellError?> RunAsync(string code, string cellName, ErrorReport report, CellScope scope)
    {
        CellScope.Current = scope;
        var source = CellSource.Prepare(code, _references, out var unsupported);
        if (unsupported is { } found) return report.OfHost("Unsupported", found.Message, found.Line);

        try
        {
            var options = _options.WithFilePath(cellName);
            var before = _state;
            var script = before is null
                ? CSharpScript.Create<object>(source, options, assemblyLoader: _loader)
                : before.Script.ContinueWith<object>(source, options);
            var diagnostics = script.Compile(scope.Cancellation);
            if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) return report.OfDiagnostics(diagnostics);

            var after = before is null
                ? await script.RunAsync(globals: null, catchException: _ => true, scope.Cancellation).ConfigureAwait(false)
                : await script.RunFromAsync(before, catchException: _ => true, scope.Cancellation).ConfigureAwait(false);
            // Variables assigned before an exception stay, as in .NET Interactive; those of a cell left behind do not.
            scope.UnlessAbandoned(() => _state = after);
            if (after.Exception is { } thrown) return report.OfException(thrown);
            if (after.ReturnValue is not (null or DisplayedValue)) scope.Emit(new CellEvent.Result(MimeBundle.Of(after.ReturnValue)));
            return null;
        }
        catch (Exception e)
        {
            return report.OfException(e);
        }
    }
}
