using Rlef.Notebooks.Engine;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Rlef.Notebooks.Tests;

/// <summary>Runs the tests, or, as <c>rlef notebook host</c> does, the cells of a notebook that a test runs.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["notebook", "host"])
        {
            await NotebookHost.RunAsync();
            return 0;
        }
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
