using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Notebooks.Publishing;
using Rlef.Storage;

namespace Rlef.Notebooks.Jupyter;

/// <summary>
/// Makes <c>dotnet-interactive</c> known to Jupyter under the name notebooks carry, <c>.net-csharp</c>. The tool's own command for
/// this needs Jupyter on the PATH, and the tool on it whenever a kernel starts; and the tool does not know interrupts: what
/// Jupyter sends for one ends it. Hence a kernelspec of our own, which starts it through a script that passes interrupts on to
/// <see cref="InterruptListener"/>.
/// </summary>
public static class JupyterKernel
{
    public const string Name = ".net-csharp";
    private const string Script = "interruptible.py";

    /// <summary>Jupyter's folder of this user.</summary>
    public static string DataFolder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named) return named;
            var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(home, ".local", "share");
            return Path.Combine(data, "jupyter");
        }
    }

    /// <summary>Writes the kernelspec and its script.</summary>
    /// <param name="tool">The program <c>dotnet-interactive</c>, see <see cref="InteractiveTool"/>.</param>
    /// <param name="overwrite">Whether to replace another program's kernel of the same name.</param>
    /// <param name="dataFolder">Null is <see cref="DataFolder"/>.</param>
    /// <returns>The kernelspec's folder.</returns>
    /// <exception cref="InvalidOperationException">Another program's kernel, such as one that the tool itself registered, has the name.</exception>
    public static string Install(string tool, bool overwrite = false, string? dataFolder = null)
    {
        var folder = Path.Combine(dataFolder ?? DataFolder, "kernels", Name);
        if (!overwrite && File.Exists(Path.Combine(folder, "kernel.json")) && !File.Exists(Path.Combine(folder, Script)))
            throw new InvalidOperationException($"{folder} holds another kernel of this name, probably one that .NET Interactive registered. " +
                "Notebooks run in it too, but cannot be interrupted; to replace it, add --overwrite.");
        Directory.CreateDirectory(folder);
        var script = Path.Combine(folder, Script);
        File.WriteAllText(script, PageTemplate.Resource(Script));
        var specification = new JsonObject
        {
            ["argv"] = new JsonArray("python3", script, tool, "{connection_file}"),
            ["display_name"] = ".NET (C#)",
            ["language"] = "C#",
            ["interrupt_mode"] = "signal",
            ["env"] = new JsonObject
            {
                ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
                ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
                ["PATH"] = $"{Path.GetDirectoryName(tool)}:${{PATH}}",
                [InterruptListener.Variable] = "1",
            },
        };
        File.WriteAllText(Path.Combine(folder, "kernel.json"), specification.ToJsonString(JsonText.Indented) + "\n");
        return folder;
    }

    /// <summary>Removes the kernelspec if it is this project's.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Uninstall(string? dataFolder = null)
    {
        var folder = Path.Combine(dataFolder ?? DataFolder, "kernels", Name);
        if (!File.Exists(Path.Combine(folder, Script))) return false;
        Directory.Delete(folder, recursive: true);
        return true;
    }
}
