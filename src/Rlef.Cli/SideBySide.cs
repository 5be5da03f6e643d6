using System.Diagnostics;
using System.Globalization;
using Rlef.Policy;

namespace Rlef.Cli;

/// <summary>Copies of this program side by side, each with its share of threads and memory. What they print is passed on, line by line.</summary>
static class SideBySide
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <param name="folder">Where they work; null for where this program does.</param>
    /// <exception cref="IOException">One of them failed, the others having ended too.</exception>
    public static async Task RunAsync(int count, IReadOnlyList<string> arguments, CancellationToken cancellation, string? folder = null)
    {
        var codes = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RunOneAsync(arguments, count, folder, cancellation)));
        if (codes.Count(code => code != 0) is > 0 and var failed)
            throw new IOException($"{failed} of {count} jobs failed; what they said stands above. The same command goes on from what is finished.");
    }

    /// <summary>For a copy: canceled also once the process that began it is gone, however that ended, since its end of standard input is closed then.</summary>
    public static CancellationToken UntilOrphaned(CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = EndWithInputAsync();
        return source.Token;

        async Task EndWithInputAsync()
        {
            await Console.OpenStandardInput().CopyToAsync(Stream.Null, CancellationToken.None);
            await source.CancelAsync();
        }
    }

    static async Task<int> RunOneAsync(IReadOnlyList<string> arguments, int count, string? folder, CancellationToken cancellation)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(SideBySide).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. self, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true, WorkingDirectory = folder ?? "",
        };
        start.Environment["OMP_NUM_THREADS"] = Math.Max(1, Cores.Count / count).ToString(CultureInfo.InvariantCulture);
        // Decoders are made as large as fits a share of the memory that the runtime says there is. In hexadecimal.
        start.Environment["DOTNET_GCHeapHardLimitPercent"] = Math.Max(1, 100 / count).ToString("X", CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        void End() => process.Kill(entireProcessTree: true);
        // Where this process ends at once, by a second signal.
        Interruption.Ending += End;
        try
        {
            await Task.WhenAll(PassOnAsync(process.StandardOutput, Console.Out), PassOnAsync(process.StandardError, Console.Error), process.WaitForExitAsync(cancellation));
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C at a terminal reaches the copies too.
            using var grace = new CancellationTokenSource(Grace);
            await process.WaitForExitAsync(grace.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            process.Kill(entireProcessTree: true);
            throw;
        }
        finally
        {
            Interruption.Ending -= End;
        }

        async Task PassOnAsync(StreamReader from, TextWriter to)
        {
            while (await from.ReadLineAsync(cancellation) is { } line)
                await to.WriteLineAsync(line);
        }
    }
}
