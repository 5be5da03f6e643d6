using System.Text.Json;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>What MSBuild makes of the project's own switches.</summary>
public sealed class BuildTests
{
    static async Task<string[]> PackagesAsync(params (string, string?)[] environment)
    {
        using var process = Start("dotnet", ["msbuild", Path.Combine(Root, "src", "Rlef.Core"), "-getItem:PackageReference", "-nologo"], [("RlefTorch", null), .. environment]);
        var (code, output, error) = await process.FinishAsync();
        Assert.True(code == 0, output + error);
        return [.. JsonDocument.Parse(output).RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }

    [Theory]
    [InlineData(null, "libtorch-cpu-linux-x64", "TorchSharp-cuda-linux")]
    [InlineData("cpu", "libtorch-cpu-linux-x64", "TorchSharp-cuda-linux")]
    [InlineData("cuda", "TorchSharp-cuda-linux", "libtorch-cpu-linux-x64")]
    public async Task One_switch_chooses_libtorch(string? torch, string wanted, string unwanted)
    {
        var packages = await PackagesAsync(("RLEF_TORCH", torch));
        Assert.Contains("TorchSharp", packages);
        Assert.Contains(wanted, packages);
        Assert.DoesNotContain(unwanted, packages);
    }

    [Fact]
    public async Task An_unknown_libtorch_is_refused()
    {
        var (code, output, _) = await RunAsync("dotnet", "msbuild", Path.Combine(Root, "src", "Rlef.Core"), "-t:CheckRlefTorch", "-p:RlefTorch=rocm", "-nologo");
        Assert.NotEqual(0, code);
        Assert.Contains("it takes cpu or cuda", output);
    }

    [Fact]
    public async Task The_manual_is_what_the_commands_say()
    {
        using var process = Start("dotnet", [Dll, "manual"], [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("RLEF_", StringComparison.Ordinal)).Select(name => (name, (string?)null))]);
        var (_, manual, _) = await process.FinishAsync();
        Assert.True(manual == File.ReadAllText(Path.Combine(Root, "docs", "commands.md")), "docs/commands.md is older than the commands: ./rlef manual > docs/commands.md");
    }
}
