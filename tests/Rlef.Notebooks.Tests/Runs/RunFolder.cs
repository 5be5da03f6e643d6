using Rlef.Dialogue;
using Rlef.Learning;

namespace Rlef.Notebooks.Tests.Runs;

/// <summary>Folders of runs as the trainer writes them, with made-up figures.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlef-runs-");

    public string Path(params string[] parts) => System.IO.Path.Combine([_folder.FullName, .. parts]);

    /// <param name="without">Metrics that its updates lack.</param>
    public string Write(string name, int updates, TrainingConfig? config = null, string answer = "```python\nprint(1)\n```", params string[] without)
    {
        var run = new RunDirectory(Path(name));
        File.WriteAllText(run.File("config.json"), new Recipe(config ?? TrainingConfig.Nano with { Updates = updates },
            new('a', 64), $"train (2) {new string('b', 64)}", DialogueWording.Nano, "real", "rlef", "numpy 2.0").ToJson());
        File.WriteAllText(run.EnvironmentsPath, """{"update":0,"environment":{"revision":"0123456789","cores":2}}""" + "\n");
        for (var update = 0; update < updates; update++)
        {
            var metrics = new SortedDictionary<string, double>
            {
                ["update"] = update, ["solve_rate"] = 0.2 + 0.5 * update / updates, ["first_turn_pass_rate"] = 0.1, ["public_pass_rate"] = 0.5, ["reward"] = -0.25, ["return"] = -0.3,
                ["kl"] = 1e-7 * update, ["entropy"] = 1.0 / 3, ["explained_variance"] = -0.5, ["clip_fraction"] = 0, ["approx_kl"] = 0.001, ["verdict_accepted"] = 0.6, ["verdict_wronganswer"] = 0.4,
                ["verdict_timelimit"] = 0, ["response_tokens"] = 40, ["turns"] = 2.5, ["generation_tokens_per_second"] = 1234.5, ["learning_tokens_per_second"] = 999,
                ["executions_per_second"] = 88, ["generation_seconds"] = 3, ["judge_wait_seconds"] = 0.5, ["measuring_seconds"] = 2, ["learning_seconds"] = 4,
            };
            foreach (var metric in without) metrics.Remove(metric);
            RunDirectory.Append(run.MetricsPath, metrics);
            for (var sample = 0; sample < 2; sample++)
                RunDirectory.Append(run.EpisodesPath, new Transcript(update, $"problem-{update}-{sample}", sample == 0,
                    [new("user", "Print one."), new("assistant", answer, sample == 0 ? "public tests: Accepted; private tests: Accepted" : "public tests: NoCode")]));
        }
        return run.Path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
