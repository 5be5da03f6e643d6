using Rlef.Core.Tests.Policy.Hub;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>Policies by their names on a hub, as a user gives them.</summary>
public sealed class HubNameTests : IDisposable
{
    readonly string home = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public async Task A_model_of_a_hub_is_scored_as_the_folder_it_came_from()
    {
        await using var hub = await HubServer.StartAsync();
        var folder = Path.Combine(Root, "data", "nano", "base");
        foreach (var path in Directory.GetFiles(folder))
            hub.Files[Path.GetFileName(path)] = await File.ReadAllBytesAsync(path);
        hub.DropAfter = 1_500_000;
        var problems = Path.Combine(home, "few.jsonl");
        await File.WriteAllLinesAsync(problems, File.ReadLines(Path.Combine(Root, "data", "nano", "test.jsonl")).Take(3));
        var (_, own, _) = await EvaluateAsync(folder, hub.Options(home).Endpoint, "");
        var (code, fetched, error) = await EvaluateAsync(HubServer.Model, hub.Options(home).Endpoint, "");
        Assert.True(code == 0, fetched + error);
        Assert.Equal(own, fetched);
        Assert.True(Directory.Exists(Path.Combine(home, "hub", "models--org--tiny", "snapshots", HubServer.Commit)));
        var before = hub.Requests.Count;
        Assert.Equal(own, (await EvaluateAsync(HubServer.Model, hub.Options(home).Endpoint, "1")).Output);
        Assert.Equal(before, hub.Requests.Count);
        (code, _, error) = await EvaluateAsync("org/none", hub.Options(home).Endpoint, "");
        Assert.Equal(1, code);
        Assert.EndsWith("has no org/none.", error.TrimEnd());
    }

    Task<(int Code, string Output, string Error)> EvaluateAsync(string policy, Uri endpoint, string offline) => Start("dotnet",
        [Dll, "evaluate", "--policy", policy, "--problems", Path.Combine(home, "few.jsonl"), "--samples", "1", "--turns", "1", "--temperature", "0", "--sandbox", "local"],
        ("HF_ENDPOINT", endpoint.AbsoluteUri), ("HF_HOME", home), ("HF_HUB_CACHE", null), ("HF_TOKEN", null), ("HF_HUB_OFFLINE", offline)).FinishAsync();
}
