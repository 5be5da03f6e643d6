using System.Diagnostics;
using Rlef.Experiments;
using Rlef.Notebooks.Jupyter;

namespace Rlef.Notebooks.Tests.Jupyter;

/// <summary>Jupyter with this project's kernel, in folders of its own.</summary>
internal sealed class JupyterFolder : IDisposable
{
    public const string Python = "/usr/bin/python3";
    private static readonly Lazy<Task<string>> Tool = new(() => InteractiveTool.InstallAsync(Home.File(".rlef", "tools")));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlef-jupyter-");

    public string Folder => _folder.FullName;

    /// <summary>The tool, installed where <c>rlef notebook kernel install</c> has it.</summary>
    public static Task<string> ToolAsync() => Tool.Value;

    public static void Require(string modules = "nbconvert, ipykernel, jupyter_client")
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is missing");
        using var probe = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {modules}"]) { RedirectStandardError = true })!;
        probe.WaitForExit();
        Assert.SkipUnless(probe.ExitCode == 0, $"these modules of Jupyter are not installed: {modules} (Debian: jupyter-nbconvert python3-ipykernel jupyter-client python3-jupyterlab-server)");
    }

    /// <summary>Installs the kernel and starts a module of Jupyter's.</summary>
    public async Task<Process> StartAsync(IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        JupyterKernel.Install(await ToolAsync(), dataFolder: Folder);
        var start = new ProcessStartInfo(Python, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_DATA_DIR"] = Folder;
        start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(Folder, "config");
        start.Environment["JUPYTER_RUNTIME_DIR"] = Path.Combine(Folder, "runtime");
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a notebook by <c>jupyter nbconvert --execute</c>; the result is done.ipynb in this folder.</summary>
    public async Task<(int Code, string Log)> ExecuteAsync(string notebook, IReadOnlyDictionary<string, string?>? environment, params string[] options)
    {
        using var process = await StartAsync(environment, ["-m", "nbconvert", "--execute", "--to", "notebook", "--output-dir", Folder, "--output", "done.ipynb", .. options, notebook]);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var log = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + log);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
