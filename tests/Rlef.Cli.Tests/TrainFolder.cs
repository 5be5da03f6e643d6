using System.Diagnostics;
using System.Text.Json;
using Rlef.Experiments;

namespace Rlef.Cli.Tests;

/// <summary>A small training run from the command line: the shipped base policy on a few problems, an update in about a second.</summary>
sealed class TrainFolder : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-train-").FullName;

    public TrainFolder()
    {
        System.IO.File.WriteAllLines(File("problems.jsonl"), System.IO.File.ReadLines(Home.File("data", "nano", "train.jsonl")).Take(12));
        System.IO.File.WriteAllText(File("config.json"), """{"problems_per_update": 3, "minibatches": 2, "turn_limit": 2, "max_response_tokens": 64, "learning_rate": 0.001}""");
    }

    public string File(params string[] parts) => Path.Combine([folder, .. parts]);

    public string[] Arguments(string run, int updates) =>
        [Processes.Dll, "train", "--run", run, "--updates", $"{updates}", "--problems", File("problems.jsonl"), "--config", File("config.json")];

    public Process Start(string run, int updates) => Processes.Start("dotnet", Arguments(File(run), updates), ("OMP_NUM_THREADS", "1"));

    public async Task<(int Code, string Output, string Error)> TrainAsync(string run, int updates)
    {
        using var process = Start(run, updates);
        return await process.FinishAsync();
    }

    /// <summary>The metrics of each update but for those that measure time.</summary>
    public string[] Metrics(string run) => [.. System.IO.File.ReadLines(File(run, "metrics.jsonl")).Select(line => string.Join(' ',
        JsonSerializer.Deserialize<Dictionary<string, double>>(line)!
            .Where(m => !m.Key.Contains("seconds") && !m.Key.Contains("per_second") && !m.Key.Contains("bytes") && m.Key != "live_tensors").Select(m => $"{m.Key}={m.Value:R}")))];

    public void Dispose() => Directory.Delete(folder, true);
}
