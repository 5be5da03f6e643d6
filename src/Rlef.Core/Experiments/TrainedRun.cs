namespace Rlef.Experiments;

/// <summary>What a run of a sweep was like: how far its policy moved, how well its critic foresaw, and what it cost.</summary>
/// <param name="Folder">Below the folder of all runs; the beginning of the recipe's hash.</param>
/// <param name="LargestKl">Of any update, in nats a token (docs/metrics.md); where old programs are learned from, of how far the policy is from theirs, whose sign is the other.</param>
/// <param name="ExplainedVariance">Mean of the last ten updates; null without a critic.</param>
/// <param name="Tests">Run while it learned.</param>
/// <param name="Minutes">Of drawing, judging, measuring and learning.</param>
public sealed record TrainedRun(string Folder, string Arm, string Policy, ulong Seed, int Updates, double LargestKl, double? ExplainedVariance, long Tests, double Minutes)
{
    const int Last = 10;

    /// <param name="metrics">Of each update.</param>
    public static TrainedRun Of(string folder, Sweep.Run run, IReadOnlyList<IReadOnlyDictionary<string, double>> metrics)
    {
        double Sum(params string[] names) => metrics.Sum(m => names.Sum(name => m.GetValueOrDefault(name)));
        List<double> explained = [.. metrics.TakeLast(Last).Where(m => m.ContainsKey("explained_variance")).Select(m => m["explained_variance"])];
        return new(folder, run.Arm, run.Policy, run.Seed, metrics.Count, metrics.Select(m => Math.Abs(m.GetValueOrDefault("kl"))).DefaultIfEmpty().Max(),
            explained.Count == 0 ? null : explained.Average(), (long)Sum("executions"), Sum("generation_seconds", "judge_wait_seconds", "measuring_seconds", "learning_seconds") / 60);
    }
}
