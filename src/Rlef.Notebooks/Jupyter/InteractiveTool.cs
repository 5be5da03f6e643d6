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

    /// <summary>Installs the tool unless it is there. It is made ready beside its place and then moved there, so whoever installs at the same time or is
    /// stopped in the middle leaves a whole one or none.</summary>
    /// <param name="tools">Folder of such tools; this one gets a folder in it that has the version in its name.</param>
    /// <returns>The tool's program.</returns>
    /// <exception cref="InvalidOperationException">It cannot be installed; the message has what dotnet says.</exception>
    public static async Task<string> InstallAsync(string tools, CancellationToken cancellation = default)
    {
        var folder = Path.Combine(tools, $"dotnet-interactive-{Version}");
        var program = Path.Combine(folder, "dotnet-interactive");
        if (File.Exists(program)) return program;
        Directory.CreateDirectory(tools);
        var beside = Directory.CreateDirectory(Path.Combine(tools, $".{Path.GetRandomFileName()}"));
        try
        {
            await InstallIntoAsync(beside.FullName, cancellation).ConfigureAwait(false);
            try
            {
                Directory.Move(beside.FullName, folder);
            }
            catch (IOException) when (File.Exists(program))
            {
                // Another was first, and theirs is as good.
            }
            return program;
        }
        finally
        {
            if (Directory.Exists(beside.FullName)) beside.Delete(recursive: true);
        }
    }

    static async Task InstallIntoAsync(string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", ["tool", "install", "--tool-path", folder, Package, "--version", Version])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(cancellation);
                var errors = await process.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false);
                await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
                if (process.ExitCode != 0)
                    throw new InvalidOperationException($"{Package} {Version} could not be installed. dotnet says: {(await output.ConfigureAwait(false) + errors).Trim()}");
            }
            finally
            {
                // Cancelled, it would go on writing into a folder that is cleared away.
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("the .NET SDK's program 'dotnet' is not on the PATH; it installs the kernel. Put it there and try again.");
        }
    }
}
