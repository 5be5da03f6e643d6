using System.Diagnostics;
using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Evaluation.Audit;

/// <summary>
/// A second opinion on programs that shares nothing with the judge: a plain Python interpreter on this machine a program or test, as the sets' own
/// harnesses do it, with its own reading of the sets and its own comparison (see <c>oracle.py</c>). It protects nothing and can be cheated.
/// Not safe for use by many threads.
/// </summary>
public sealed class Oracle : IAsyncDisposable
{
    const string Python = "/usr/bin/python3";
    static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    readonly Process process;

    /// <param name="set">File or folder of the set.</param>
    public Oracle(string set) => process = Process.Start(new ProcessStartInfo(Python, ["-I", "-c", EmbeddedText.Read("oracle.py"), set])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <param name="time">Processor time for a test or, where a set has test code, for all of it.</param>
    /// <exception cref="IOException">The oracle ended, such as for a set that it cannot read.</exception>
    public async Task<OracleAnswer> AskAsync(string task, string program, TimeSpan time, CancellationToken cancellation = default)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { task, program, seconds = time.TotalSeconds }).AsMemory(), cancellation);
        await process.StandardInput.FlushAsync(cancellation);
        var line = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new IOException("The oracle ended before it answered; its own message stands above.");
        return JsonSerializer.Deserialize<OracleAnswer>(line, Names)!;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
