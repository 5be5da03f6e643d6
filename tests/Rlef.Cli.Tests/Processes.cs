using System.Diagnostics;

namespace Rlef.Cli.Tests;

/// <summary>Starts programs as a user does and keeps what they print.</summary>
static class Processes
{
    /// <summary>The nearest folder upwards that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string Dll => Path.Combine(AppContext.BaseDirectory, "rlef.dll");

    public static Process Start(string command, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static async Task<(int Code, string Output, string Error)> FinishAsync(this Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(string command, params string[] arguments)
    {
        using var process = Start(command, arguments);
        return await process.FinishAsync();
    }

    public static Task<(int Code, string Output, string Error)> RlefAsync(params string[] arguments) => RunAsync("dotnet", [Dll, .. arguments]);

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Rlef.Core.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
