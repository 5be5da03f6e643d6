using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Notebooks.Publishing;

namespace Rlef.Notebooks.Jupyter;

/// <summary>Makes the engine known to Jupyter under the name notebooks carry, <c>.net-csharp</c>.</summary>
public static class JupyterKernel
{
    public const string Name = ".net-csharp";
    private const string Wrapper = "rlef_kernel.py";

    /// <summary>Jupyter's folder of this user.</summary>
    public static string DataFolder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named) return named;
            if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
            if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
            var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(home, ".local", "share");
            return Path.Combine(data, "jupyter");
        }
    }

    /// <summary>The first Python, of the one RLEF_PYTHON names, the one on PATH and the system's, that has ipykernel.</summary>
    /// <exception cref="InvalidOperationException">None has it; the message says how to get it.</exception>
    public static string FindPython()
    {
        string?[] candidates = [Environment.GetEnvironmentVariable("RLEF_PYTHON"), "python3", "/usr/bin/python3", "python"];
        return candidates.FirstOrDefault(python => !string.IsNullOrEmpty(python) && HasIpykernel(python)) ?? throw new InvalidOperationException(
            "no Python with ipykernel found. Install it (Debian: apt-get install python3-ipykernel; elsewhere: pip install ipykernel), or name a Python with RLEF_PYTHON.");
    }

    /// <summary>Writes the kernelspec and its wrapper.</summary>
    /// <param name="serve">The command that runs <see cref="NotebookServer"/> on its standard input and output.</param>
    /// <param name="python">A Python that has ipykernel, see <see cref="FindPython"/>.</param>
    /// <param name="overwrite">Whether to replace another program's kernel of the same name.</param>
    /// <param name="dataFolder">Null is <see cref="DataFolder"/>.</param>
    /// <returns>The kernelspec's folder.</returns>
    /// <exception cref="InvalidOperationException">Another program's kernel, such as .NET Interactive's, has the name.</exception>
    public static string Install(IReadOnlyList<string> serve, string python, bool overwrite = false, string? dataFolder = null)
    {
        var folder = Path.Combine(dataFolder ?? DataFolder, "kernels", Name);
        if (!overwrite && File.Exists(Path.Combine(folder, "kernel.json")) && !File.Exists(Path.Combine(folder, Wrapper)))
            throw new InvalidOperationException($"{folder} holds another kernel of this name, probably .NET Interactive's. Notebooks run in it too; to replace it, ask for overwriting.");
        Directory.CreateDirectory(folder);
        var wrapper = Path.Combine(folder, Wrapper);
        File.WriteAllText(wrapper, PageTemplate.Resource(Wrapper));
        var specification = new JsonObject
        {
            ["argv"] = new JsonArray(python, wrapper, "-f", "{connection_file}"),
            ["display_name"] = "C# (Rlef)",
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = new JsonObject { ["RLEF_NOTEBOOK_SERVE"] = JsonSerializer.Serialize(serve) },
        };
        File.WriteAllText(Path.Combine(folder, "kernel.json"), specification.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        return folder;
    }

    private static bool HasIpykernel(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import ipykernel"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Removes the kernelspec if it is this project's.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Uninstall(string? dataFolder = null)
    {
        var folder = Path.Combine(dataFolder ?? DataFolder, "kernels", Name);
        if (!File.Exists(Path.Combine(folder, Wrapper))) return false;
        Directory.Delete(folder, recursive: true);
        return true;
    }
}
