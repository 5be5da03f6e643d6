using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Connection;
using Microsoft.DotNet.Interactive.Events;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// A kernel in a process of its own, which a cell may exit, abort or never give back: <see cref="NotebookHost"/>, or any other
/// program that speaks .NET Interactive's protocol on its standard input and output, such as <c>dotnet-interactive stdio</c>.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>What is kept of the end of the error stream: enough for the reason of a crash.</summary>
    private const int ErrorLimit = 1 << 18;

    /// <summary>How long the process gets to put away what it has in hand.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Channel<KernelEvent> _events = Channel.CreateUnbounded<KernelEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly StringBuilder _errors = new();
    private readonly Task _reading, _ended;

    private HostProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadEventsAsync(), ReadErrorsAsync());
        _ended = EndWithProcessAsync();
    }

    // A program that a cell left running holds the pipes open after the process itself has ended.
    private async Task EndWithProcessAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await Task.WhenAny(_reading, Task.Delay(Grace)).ConfigureAwait(false);
        _events.Writer.TryComplete();
    }

    /// <summary>Starts the program and waits until its kernel is ready.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="folder">The folder it runs in, where relative paths of <c>#r</c> start.</param>
    /// <param name="environment">Set for it alone; null removes a variable.</param>
    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<HostProcess> StartAsync(
        IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        HostProcess host;
        try
        {
            host = new HostProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{command[0]}, which runs the cells, does not start: {e.Message}", e);
        }
        try
        {
            await foreach (var shown in host._events.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                if (shown is KernelReady)
                    return host;
            throw new IOException($"{string.Join(' ', command)}, which runs the cells, {await host.EndAsync().ConfigureAwait(false)}.");
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs a cell and passes on what happens, to its completion, which is the last event.</summary>
    /// <returns>Null, or what became of the process if the cell ended it.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the cell was told, and runs on if it does not heed that, until the process is ended.</exception>
    public async Task<string?> RunAsync(string code, Action<KernelEvent> listener, CancellationToken cancellation)
    {
        var submit = new SubmitCode(code);
        var token = submit.GetOrCreateToken();
        await SendAsync(submit).ConfigureAwait(false);
        try
        {
            await foreach (var shown in _events.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                listener(shown);
                if (IsEnd(shown)) return null;
            }
        }
        catch (OperationCanceledException)
        {
            await SendAsync(new Cancel()).ConfigureAwait(false);
            using var grace = new CancellationTokenSource(Grace);
            await foreach (var shown in _events.Reader.ReadAllAsync(grace.Token).ConfigureAwait(false))
                if (IsEnd(shown)) break;
            throw;
        }
        return await EndAsync().ConfigureAwait(false);

        bool IsEnd(KernelEvent shown) => shown is KernelCommandCompletionEvent && shown.Command.GetOrCreateToken() == token;
    }

    /// <summary>Ends the process; where it does not end by itself, all that it started too.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Grace).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }
        _process.Dispose();
    }

    private async Task SendAsync(KernelCommand command)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(KernelCommandEnvelope.Serialize(KernelCommandEnvelope.Create(command))).ConfigureAwait(false);
            await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended, which the end of its events says.
        }
    }

    private async Task<string> EndAsync()
    {
        await _ended.ConfigureAwait(false);
        var reason = CrashReport.Reason(_errors.ToString());
        const int signals = 128;
        return _process.ExitCode > signals
            ? $"ended by signal {_process.ExitCode - signals}{(reason.Length > 0 ? ": " : "")}{reason}"
            : $"ended with exit code {_process.ExitCode}{(reason.Length > 0 ? ": " : "")}{reason}";
    }

    private async Task ReadEventsAsync()
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
                if (Event(line) is { } shown)
                    _events.Writer.TryWrite(shown);
        }
        finally
        {
            _events.Writer.TryComplete();
        }
    }

    // Text that native code printed, or the tool's greeting, is no event, and a newer program may have events that we do not know.
    private static KernelEvent? Event(string line)
    {
        try
        {
            return line.StartsWith('{') ? KernelEventEnvelope.Deserialize(line)?.Event : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    private async Task ReadErrorsAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardError.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
        {
            _errors.Append(buffer, 0, read);
            if (_errors.Length > 2 * ErrorLimit) _errors.Remove(0, _errors.Length - ErrorLimit);
        }
    }
}
