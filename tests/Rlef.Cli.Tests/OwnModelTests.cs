using Rlef.Experiments;

namespace Rlef.Cli.Tests;

/// <summary>The commands of README for one's own model and problems, as they stand there; in place of the model stands the shipped one, and runs are short.</summary>
public sealed class OwnModelTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-own-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    // What keeps a command short that takes long by nature.
    static readonly Dictionary<string, string[]> Shorter = new()
    {
        ["tune"] = ["--epochs", "1"],
        ["train"] = ["--updates", "1", "--max-tokens", "32", "--set", "problems_per_update=4"],
        ["evaluate"] = ["--samples", "1", "--turns", "1", "--max-tokens", "16", "--max-dialogue-tokens", "1024"],
    };

    static IEnumerable<string[]> Commands()
    {
        var section = File.ReadAllText(Home.File("README.md")).Split("## Your own model\n")[1].Split("\n## ")[0];
        return section.Split("```")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '));
    }

    // With the small values in place of its own.
    static string[] Shortened(string[] command)
    {
        var small = Shorter.GetValueOrDefault(command[0]) ?? [];
        return [.. command.Where((word, i) => !small.Contains(word) && (i == 0 || !small.Contains(command[i - 1]) || !command[i - 1].StartsWith("--", StringComparison.Ordinal))), .. small];
    }

    async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await Processes.RunAsync("sh", ["-c", $"cd {folder} && exec dotnet \"$@\"", "sh", Processes.Dll, .. arguments]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {error}");
        return output + error;
    }

    [Fact]
    public async Task They_work()
    {
        Directory.CreateSymbolicLink(Path.Combine(folder, "SmolLM2-135M-Instruct.gguf"), Home.File("data", "nano", "base"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "notebooks"), Home.File("notebooks"));
        File.WriteAllLines(Path.Combine(folder, "mbpp.jsonl"), Enumerable.Range(1, 974).Select(i =>
            $$"""{"task_id": {{i}}, "text": "Add {{i}} to a number.", "code": "def add(n):\n    return n + {{i}}", "test_list": ["assert add(1) == {{1 + i}}", "assert add(2) == {{2 + i}}"]}"""));
        List<string> said = [];
        foreach (var command in Commands())
            said.Add(await RunAsync(Shortened(command[1..])));
        Assert.Equal(5, said.Count);
        Assert.Contains("187;", said[0]);
        Assert.Contains("time       about", said[0]);
        Assert.Contains("187 references learned", said[1]);
        Assert.Contains("runs/mine/policy", said[2]);
        Assert.Matches(@"(?m)^1@1 +\d", said[3]);
        Assert.True(File.Exists(Path.Combine(folder, "runs", "mine", "report.html")));
    }
}
