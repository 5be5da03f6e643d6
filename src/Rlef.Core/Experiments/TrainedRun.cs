using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>What a run of a sweep was like: how far its policy moved, how well its critic foresaw, and what it cost.</summary>
/// <param name="Folder">Below the folder of all runs; the beginning of the recipe's hash.</param>
/// <param name="LargestKl">Of any update, in nats a token (docs/metrics.md); where old programs are learned from, of how far the policy is from theirs, whose
/// sign is the other. Null where nothing measured it.</param>
/// <param name="ExplainedVariance">Mean of the last ten updates; null without a critic.</param>
/// <param name="Tests">Run while it learned.</param>
/// <param name="Minutes">Of drawing, judging, measuring and learning.</param>
/// <param name="DrawnTokens">Written by the policy while it learned; null where nobody counted.</param>
/// <param name="LearnedTokens">That went through the steps of the optimizer, prompts included; likewise.</param>
public sealed record TrainedRun(string Folder, string Arm, string Policy, ulong Seed, int Updates, double? LargestKl, double? ExplainedVariance, long Tests, double Minutes,
    long? DrawnTokens = null, long? LearnedTokens = null)
{
    const int Last = 10;
    const string FileName = "trained.json";

    /// <summary>Whether a run lies in the folder, or has begun to.</summary>
    internal static bool IsIn(string folder) => File.Exists(Path.Combine(folder, "config.json"));

    /// <param name="metrics">Of each update.</param>
    public static TrainedRun Of(string folder, Sweep.Run run, IReadOnlyList<IReadOnlyDictionary<string, double>> metrics)
    {
        double Sum(params string[] names) => metrics.Sum(m => names.Sum(name => m.GetValueOrDefault(name)));
        long Tokens(string phase) => (long)Math.Round(metrics.Sum(m => m.GetValueOrDefault($"{phase}_seconds") * m.GetValueOrDefault($"{phase}_tokens_per_second")));
        List<double> explained = [.. metrics.TakeLast(Last).Where(m => m.ContainsKey("explained_variance")).Select(m => m["explained_variance"])];
        List<double> kl = [.. metrics.Where(m => m.ContainsKey("kl")).Select(m => Math.Abs(m["kl"]))];
        return new(folder, run.Arm, run.Policy, run.Seed, metrics.Count, kl.Count == 0 ? null : kl.Max(), explained.Count == 0 ? null : explained.Average(), (long)Sum("executions"),
            Sum("generation_seconds", "judge_wait_seconds", "measuring_seconds", "learning_seconds") / 60, Tokens("generation"), Tokens("learning"));
    }

    /// <summary>Beside the scores of a run of which nothing else is there.</summary>
    internal void SaveAlone(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, SnakeJson.Line) + "\n");

    /// <summary>What <see cref="SaveAlone"/> saved; null for a run that lies there itself, or for none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    internal static TrainedRun? Find(string folder) => Path.Combine(folder, FileName) is var path && (!File.Exists(path) || IsIn(folder)) ? null
        : JsonFile.Read(path, text => JsonSerializer.Deserialize<TrainedRun>(text, SnakeJson.Line) ?? throw new JsonException("an object is expected, not null."));

    /// <summary>Takes away what <see cref="SaveAlone"/> saved, with the scores.</summary>
    internal static void Forget(string folder)
    {
        foreach (var scores in Directory.GetFiles(folder, "evaluation-*.json"))
            File.Delete(scores);
        File.Delete(Path.Combine(folder, FileName));
    }
}
