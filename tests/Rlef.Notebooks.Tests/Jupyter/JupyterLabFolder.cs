using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rlef.Experiments;

namespace Rlef.Notebooks.Tests.Jupyter;

/// <summary>
/// A JupyterLab: its own front end, from its npm packages, on Debian's jupyterlab_server, since Debian has no package of the whole.
/// </summary>
internal static class JupyterLabFolder
{
    private static readonly string Sources = Home.File("tests", "Rlef.Notebooks.Tests", "Jupyter", "Lab");
    private static readonly string Folder = Home.File(".rlef", "lab");

    /// <summary>Installs and bundles the front end, unless that was done for these sources.</summary>
    /// <returns>The folder with lab.py.</returns>
    public static async Task<string> PrepareAsync()
    {
        Directory.CreateDirectory(Folder);
        var done = Path.Combine(Folder, "build", "done");
        string[] files = [.. Directory.EnumerateFiles(Sources).Select(path => Path.GetFileName(path))];
        if (File.Exists(done) && files.All(file => Same(Path.Combine(Sources, file), Path.Combine(Folder, file)))) return Folder;
        foreach (var file in files) File.Copy(Path.Combine(Sources, file), Path.Combine(Folder, file), overwrite: true);
        await RunAsync("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save");
        await RunAsync("node", "build.js");
        await File.WriteAllTextAsync(done, "", TestContext.Current.CancellationToken);
        return Folder;
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Same(string one, string other) => File.Exists(other) && File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{errors}");
    }
}
