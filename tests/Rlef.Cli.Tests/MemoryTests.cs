using System.Text.Json;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Cli.Tests;

public sealed class MemoryTests : IDisposable
{
    readonly TrainFolder folder = new();

    public void Dispose() => folder.Dispose();

    // A process of its own, whose memory is that of the training alone.
    async Task<Dictionary<string, double>> TrainAsync(string run, params string[] more)
    {
        var (code, _, error) = await Processes.RunAsync("dotnet", [.. folder.Arguments(folder.File(run), 1), "--policy", folder.File("deep"), "--wording", "codecontests", .. more]);
        Assert.True(code == 0, error);
        return JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadLines(folder.File(run, "metrics.jsonl")).Single())!;
    }

    [Fact]
    public async Task Gradient_checkpointing_takes_less_memory_for_the_same_gradients()
    {
        using (var @base = PolicyCheckpoint.Load(Home.File("data", "nano", "base")))
        using (var deep = new PolicyCheckpoint(new Transformer(@base.Model.Config with { HiddenSize = 96, IntermediateSize = 256, NumHiddenLayers = 40 }), @base.TokenizerJson, PlainChat.Template))
            deep.Save(folder.File("deep"));
        File.WriteAllText(folder.File("config.json"), """
            {"problems_per_update": 5, "minibatches": 1, "turn_limit": 2, "max_response_tokens": 96, "microbatch_tokens": 8192}
            """);
        var (plain, saving) = (await TrainAsync("plain"), await TrainAsync("saving", "--gradient-checkpointing"));
        Assert.Equal(plain["gradient_norm"], saving["gradient_norm"], 1e-4 * plain["gradient_norm"]);
        Assert.True(saving["learning_peak_bytes"] < 0.7 * plain["learning_peak_bytes"],
            $"{saving["learning_peak_bytes"] / 1e6:F0} MB with checkpointing, {plain["learning_peak_bytes"] / 1e6:F0} MB without.");
    }
}
