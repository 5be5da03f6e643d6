using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Connection;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Formatting;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Jupyter;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// The process that runs a notebook's cells: .NET Interactive's C# kernel behind standard input and output, in the protocol that
/// <c>dotnet-interactive stdio</c> speaks too. What it has beyond that tool: a cell is compiled with debug information under its
/// name, so that exceptions name its lines; files are at hand without a using; and the process ends when its input does.
/// </summary>
public static class NotebookHost
{
    /// <summary>Serves until the end of the input. Call it before anything else is printed.</summary>
    public static async Task RunAsync()
    {
        // An interrupt at the terminal reaches this process too. Whoever started it decides what becomes of the cell.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        // The protocol owns both streams: a cell reads nothing from the one, and text from outside cells goes to the error stream.
        Console.SetIn(TextReader.Null);
        Console.SetOut(Console.Error);
        Environment.SetEnvironmentVariable(InterruptListener.Variable, null);
        PlotlyScript.IsOnPage = true;
        NotebookFormatters.EnsureRegistered();

        var csharp = new CSharpKernel().UseKernelHelpers().UseValueSharing().UseWho();
        Options(csharp) = Options(csharp).AddImports("System.IO");
        using var kernel = new CompositeKernel { { csharp, ["c#", "C#", ".net-csharp"] } };
        kernel.DefaultKernelName = csharp.Name;
        var cells = 0;
        kernel.AddMiddleware((command, context, next) =>
        {
            if (command is SubmitCode && ReferenceEquals(context.Command, command))
            {
                ref var options = ref Options(csharp);
                options = options.WithFilePath($"Cell {++cells}").WithFileEncoding(Encoding.UTF8).WithEmitDebugInformation(true);
            }
            return next(command, context);
        }, "cell names");
        using var host = kernel.UseHost(
            KernelCommandAndEventSender.FromTextWriter(TextWriter.Synchronized(output), KernelHost.CreateHostUri("stdio")),
            new KernelCommandAndEventReceiver(async _ =>
            {
                // Without its reader nothing that a cell still does is of use.
                var line = await input.ReadLineAsync(CancellationToken.None).ConfigureAwait(false);
                if (line is null) Environment.Exit(0);
                return new CommandOrEvent(KernelCommandEnvelope.Deserialize(line).Command);
            }),
            KernelHost.CreateHostUri("notebook"));
        await host.ConnectAndWaitAsync().ConfigureAwait(false);
    }

    // The kernel compiles without debug information, imports what it likes, and offers no setting for either.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_scriptOptions")]
    private static extern ref ScriptOptions Options(CSharpKernel kernel);
}
