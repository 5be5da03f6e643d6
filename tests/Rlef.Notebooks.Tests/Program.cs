using Rlef.Notebooks.Jupyter;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Rlef.Notebooks.Tests;

/// <summary>Runs the tests, or, as <c>rlef notebook serve</c> does, the engine that the kernel tests talk to.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["notebook", "serve"])
        {
            await NotebookServer.RunOnConsoleAsync(Environment.CurrentDirectory);
            return 0;
        }
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
