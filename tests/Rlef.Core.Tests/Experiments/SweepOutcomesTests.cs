using System.IO.Compression;
using System.Text.Json;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;

namespace Rlef.Core.Tests.Experiments;

[Collection(nameof(Alone))]
public sealed class SweepOutcomesTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-outcomes-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    Sweep Of(params string[] feedback)
    {
        var lines = File.ReadLines(Home.File("data", "nano", "validation.jsonl"));
        File.WriteAllLines(Path.Combine(folder, "train.jsonl"), lines.Take(6));
        File.WriteAllLines(Path.Combine(folder, "held-out.jsonl"), lines.Skip(6).Take(4));
        var path = Path.Combine(folder, "sweep.json");
        File.WriteAllText(path, $$"""
            {
              "problems": "train.jsonl", "policies": {"shipped": {{JsonSerializer.Serialize(Home.File("data", "nano", "base"))}}}, "seeds": [1],
              "recipe": {"updates": 1, "problems_per_update": 4, "max_response_tokens": 24, "minibatches": 1}, "arms": {"turn": {}, "grpo": {"advantage": "grpo"} },
              "evaluation": {"problems": "held-out.jsonl", "samples": 2, "turns": 2, "feedback": {{JsonSerializer.Serialize(feedback)}} }
            }
            """);
        return Sweep.Load(path);
    }

    [Fact]
    public async Task Where_nothing_but_outcomes_is_at_hand_only_what_is_new_is_trained()
    {
        var (results, cancellation) = (Path.Combine(folder, "x.results.json"), TestContext.Current.CancellationToken);
        Task<SweepResults> RunAsync(Sweep sweep, string runs) => new SweepRunner(sweep, Path.Combine(folder, runs)).RunAsync(results, cancellation: cancellation);
        int Trained(string runs) => Directory.GetDirectories(Path.Combine(folder, runs), "policy", SearchOption.AllDirectories).Length;
        var first = await RunAsync(Of("real", "none"), "here");
        var outcomes = SweepOutcomes.Load(SweepOutcomes.PathBeside(results));
        outcomes.UnpackTo(Path.Combine(folder, "there"));
        Assert.Equal(JsonSerializer.Serialize(first), JsonSerializer.Serialize(await RunAsync(Of("real", "none"), "there")));
        Assert.Equal(JsonSerializer.Serialize(outcomes), JsonSerializer.Serialize(SweepOutcomes.Load(SweepOutcomes.PathBeside(results))));
        Assert.Equal(0, Trained("there"));
        var more = await RunAsync(Of("real", "none") with { Seeds = [1, 2] }, "there");
        Assert.Equal(first.Runs, more.Runs.Take(2));
        Assert.Equal(2, Trained("there"));

        // Another feedback takes the policies: they are trained anew, and all of their scores are those of the new ones.
        await RunAsync(Of("real", "truncated"), "there");
        Assert.Equal(4, Trained("there"));
        var own = Path.Combine(folder, "there", first.Runs[0].Folder);
        Assert.Equal(2, Directory.GetFiles(own, "evaluation-*").Length);
        Assert.False(File.Exists(Path.Combine(own, "trained.json")));
        // Beside a run itself nothing is put.
        outcomes.UnpackTo(Path.Combine(folder, "there"));
        Assert.Equal(2, Directory.GetFiles(own, "evaluation-*").Length);
    }

    [Fact]
    public async Task A_known_run_is_not_trained_again_for_a_dialogue_that_the_sandbox_failed_in()
    {
        var (results, runs, cancellation) = (Path.Combine(folder, "x.results.json"), Path.Combine(folder, "runs"), TestContext.Current.CancellationToken);
        var sweep = Of("none");
        var first = await new SweepRunner(sweep, runs).RunAsync(results, cancellation: cancellation);
        var outcomes = SweepOutcomes.Load(SweepOutcomes.PathBeside(results));
        Directory.Delete(runs, true);
        var failed = outcomes.Evaluations.Select(e => e.Folder != first.Runs[0].Folder ? e : e with { Problems = [e.Problems[0] with { Dialogues = "I" }, .. e.Problems.Skip(1)] });
        (outcomes with { Evaluations = [.. failed] }).UnpackTo(runs);
        Assert.Equal(1, (await new SweepRunner(sweep, runs).RunAsync(results, cancellation: cancellation)).Masked);
        Assert.Empty(Directory.GetDirectories(runs, "policy", SearchOption.AllDirectories));
    }

    [Fact]
    public void Outcomes_keep_what_became_of_each_dialogue()
    {
        EpisodeOutcome[] all =
        [
            new("p 1", "c", [VerdictKind.WrongAnswer, null, VerdictKind.Accepted], VerdictKind.TimeLimit), new("p 1", "c", [VerdictKind.CompileError], null),
            new("p:2", "", [], null), new("p:2", "", [VerdictKind.OutputLimit, VerdictKind.RuntimeError], null), new("p:2", "", [VerdictKind.InfrastructureError], VerdictKind.InfrastructureError),
            new("p:2", "", [VerdictKind.MemoryLimit], null),
        ];
        var path = Path.Combine(folder, "x.outcomes.json.gz");
        new SweepOutcomes([], [SweepOutcomes.Of("run", "evaluation-real-3-1.json", new(all))]).Save(path);
        SweepOutcomes.Load(path).UnpackTo(folder);
        var (feedback, turns, result) = Assert.Single(SweepRunner.Evaluations(Path.Combine(folder, "run")));
        Assert.Equal(("real", 3), (feedback, turns));
        Assert.Equal(JsonSerializer.Serialize(all), JsonSerializer.Serialize(result.Outcomes));
        new SweepOutcomes([], [new("run", "x.json", [new("p", "p", "WQ")])]).Save(path);
        Assert.Contains("'Q' is no verdict", Assert.Throws<InvalidDataException>(() => SweepOutcomes.Load(path)).Message);
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            packed.Write("{}"u8);
        Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => SweepOutcomes.Load(path)).Message);
        new SweepOutcomes([], [new("run", "x.json", [new("p", "p", "A")])]).Save(path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9]);
        Assert.Equal($"{path}: the gzip data break off or are damaged. Fetch the file again.", Assert.Throws<InvalidDataException>(() => SweepOutcomes.Load(path)).Message);
        File.WriteAllText(path, "{}");
        Assert.Equal($"{path} is named .gz but is not gzipped. Rename it, or fetch it again.", Assert.Throws<InvalidDataException>(() => SweepOutcomes.Load(path)).Message);
        Assert.Equal(["a.outcomes.json.gz", "b.outcomes.json.gz", "c.outcomes.json.gz", "d.results/e.outcomes.json.gz"], new[] { "a.results.json", "b.json", "c", "d.results/e.results.json" }.Select(SweepOutcomes.PathBeside));
    }
}
