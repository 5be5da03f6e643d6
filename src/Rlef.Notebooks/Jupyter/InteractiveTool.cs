using System.ComponentModel;
using System.Diagnostics;

namespace Rlef.Notebooks.Jupyter;

/// <summary>
/// The tool <c>dotnet-interactive</c>: the kernel behind VS Code's Polyglot Notebooks and the one that Jupyter starts. No package
/// holds its Jupyter part, so it is installed as what it is, a .NET tool, into a folder of the project.
/// </summary>
public static class InteractiveTool
{
    private const string Package = "Microsoft.dotnet-interactive";

    /// <summary>The one whose kernel has the version of the packages this library is built with.</summary>
    public const string Version = "1.0.712001";

    /// <summary>The tool's program in a folder, which need not exist.</summary>
    public static string In(string folder) => Path.Combine(folder, "dotnet-interactive");

    /// <summary>Installs the tool, or another version of it, unless it is there.</summary>
    /// <returns>Its program.</returns>
    /// <exception cref="InvalidOperationException">It cannot be installed; the message has what dotnet says.</exception>
    public static async Task<string> InstallAsync(string folder, CancellationToken cancellation = default)
    {
        var program = In(folder);
        if (File.Exists(program) && Directory.Exists(Path.Combine(folder, ".store", Package.ToLowerInvariant(), Version))) return program;
        var start = new ProcessStartInfo("dotnet", ["tool", "update", "--tool-path", folder, Package, "--version", Version, "--allow-downgrade"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = await process.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            if (process.ExitCode == 0) return program;
            throw new InvalidOperationException($"{Package} {Version} could not be installed. dotnet says: {(await output.ConfigureAwait(false) + errors).Trim()}");
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("the .NET SDK's program 'dotnet' is not on the PATH; it installs the kernel. Put it there and try again.");
        }
    }
}
