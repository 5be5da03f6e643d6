using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Execution;
using Rlef.Native;
using Rlef.Storage;
using TorchSharp;

namespace Rlef.Learning;

/// <summary>What a result was made with. Kept in run directories, a <see cref="RunStart"/> for each start, and shown in notebooks.</summary>
public sealed record RunEnvironment(string Revision, string Dotnet, string Libtorch, string Packages, string Device, int Threads, int Cores, string System)
{
    /// <summary>What programs may import beside Python's standard library.</summary>
    public string PythonPackages { get; init; } = Execution.Sandbox.DefaultPackages;

    /// <summary>Where programs run, and with which Python; null where none do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Sandbox { get; init; }

    static readonly Lazy<string> Checkout = new(GitRevision);
    static readonly Lazy<RunEnvironment> Here = new(() => new(
        CurrentRevision,
        Environment.Version.ToString(),
        LibtorchVersion(),
        $"TorchSharp {typeof(torch).Assembly.GetName().Version!.ToString(3)}",
        torch.cuda.is_available() ? "cuda" : "cpu",
        Rlef.Policy.Cores.Count,
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription));

    public static RunEnvironment Current => Here.Value;

    /// <summary>The checkout's revision; "-dirty" tells that the working tree differs from it, in more than notebooks.</summary>
    public static string CurrentRevision => Checkout.Value;

    static string LibtorchVersion()
    {
        TorchLibrary.Require();
        return torch.__version__;
    }

    public string ToJson() => JsonSerializer.Serialize(this, SnakeJson.Indented) + "\n";

    // Running a notebook writes its outputs into it, which makes no other code of what it ran on.
    static string GitRevision()
    {
        try
        {
            var revision = Git("describe", "--always", "--abbrev=10");
            var changed = Git("status", "--porcelain", "--untracked-files=no", "--", ":(top)", ":(top,exclude)notebooks/*.ipynb");
            return revision.Length == 0 ? "unknown" : changed.Length == 0 ? revision : $"{revision}-dirty";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    static string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(typeof(RunEnvironment).Assembly.Location)!,
        };
        using var git = Process.Start(start)!;
        var said = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return said;
    }
}
