using System.CommandLine;
using Rlef.Execution;
using Rlef.Notebooks.Documents;
using Rlef.Problems;

namespace Rlef.Cli;

/// <summary>Turns faults that a user can mend into one clear message. RLEF_DEBUG=1 shows where they arose.</summary>
static class ErrorBoundary
{
    const int Failed = 1, Interrupted = 130;

    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("rlef: interrupted. What was finished is kept; the same command goes on from there.");
            return Interrupted;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("RLEF_DEBUG") is null && IsUsers(e))
        {
            await Console.Error.WriteLineAsync($"rlef: {e.Message}");
            return Failed;
        }
    }

    static bool IsUsers(Exception e) => e is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException
        or SandboxUnavailableException or ProblemFormatException or NotebookFormatException or System.Runtime.InteropServices.ExternalException;
}
