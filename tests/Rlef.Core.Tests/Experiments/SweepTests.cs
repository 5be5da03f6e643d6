using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Advantages;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;

namespace Rlef.Core.Tests.Experiments;

[Collection(nameof(Alone))]
public sealed class SweepTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-sweep-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    string Write(string recipe = "", string arms = "\"turn\": {}, \"grpo\": {\"advantage\": \"grpo\", \"samples_per_problem\": 2, \"problems_per_update\": 2}", string more = "")
    {
        var lines = File.ReadLines(Home.File("data", "nano", "validation.jsonl"));
        File.WriteAllLines(Path.Combine(folder, "train.jsonl"), lines.Take(6));
        File.WriteAllLines(Path.Combine(folder, "held-out.jsonl"), lines.Skip(6).Take(4));
        var path = Path.Combine(folder, "sweep.json");
        File.WriteAllText(path, $$"""
            {
              "problems": "train.jsonl", "policies": {"shipped": {{System.Text.Json.JsonSerializer.Serialize(Home.File("data", "nano", "base"))}}}, "seeds": [1, 2],
              "recipe": {"updates": 1, "problems_per_update": 4, "max_response_tokens": 24, "minibatches": 1{{recipe}}},
              "arms": { {{arms}} },
              "evaluation": {"problems": "held-out.jsonl", "samples": 3, "turns": 2, "feedback": ["real", "none"]}{{more}}
            }
            """);
        return path;
    }

    [Fact]
    public void Runs_are_the_arms_by_base_policy_and_seed()
    {
        var runs = Sweep.Load(Write()).Runs.ToList();
        Assert.Equal([("turn", 1UL), ("grpo", 1UL), ("turn", 2UL), ("grpo", 2UL)], runs.Select(r => (r.Arm, r.Seed)));
        Assert.All(runs, r => Assert.Equal((24, r.Seed), (r.Config.MaxResponseTokens, r.Config.Seed)));
        Assert.IsType<GrpoAdvantage>(runs[1].Config.Advantage);
        Assert.IsType<TurnAdvantage>(runs[2].Config.Advantage);
    }

    [Fact]
    public void What_an_arm_says_of_a_setting_leaves_the_rest_of_it_as_the_recipe_has_it()
    {
        var runs = Sweep.Load(Write(", \"kl\": {\"in\": \"reward\", \"by\": \"k1\", \"weight\": 0.05}, \"turn_limit\": 1, \"reward\": \"coarse\"", "\"a\": {}, \"b\": {\"kl\": {\"weight\": 0.5}}, \"c\": {\"kl.weight\": 0.25, \"reward\": \"rlef\"}")).Runs.Take(3).ToList();
        Assert.Equal([0.05, 0.5, 0.25], runs.Select(r => r.Config.Kl.Weight));
        Assert.All(runs, r => Assert.Equal(runs[0].Config.Kl with { Weight = r.Config.Kl.Weight }, r.Config.Kl));
        Assert.Equal(["coarse", "coarse", "rlef"], runs.Select(r => r.Reward));
    }

    [Theory]
    [InlineData(", \"learning_rat\": 1", "\"a\": {}", "", "arm 'a': there is no setting 'learning_rat'")]
    [InlineData("", "\"a\": {\"feedback\": \"loud\"}", "", "arm 'a': there is no feedback 'loud'")]
    [InlineData("", "\"a\": {\"advantage\": \"best\"}", "", "there is no best here: known are turn, token")]
    [InlineData("", "", "", "at least one arm")]
    [InlineData("", "\"a\": {}", ", \"select\": 1", "select 1")]
    [InlineData(", \"updates\": 1, \"updates\": 2", "\"a\": {}", "", "stands there twice")]
    [InlineData("", "\"base\": {}", "", "no arm can have the name 'base'")]
    [InlineData("", "\"a\": {}, \"a\": {}", "", "stands there twice")]
    [InlineData("", "\"a\": {\"reward\": \"rltf\", \"turn_limit\": 1}", "", "arm 'a': The reward rltf weighs the loss of single tokens, and the advantage turn would")]
    [InlineData("", "\"a\": {\"reward\": \"rltf\"}", "", "arm 'a': The reward rltf pays one program for each dialogue, and the turn limit is 3")]
    [InlineData(", \"seed\": 5", "\"a\": {}", "", "the recipe has a seed of its own")]
    [InlineData("", "\"a\": {\"seed\": 5}", "", "arm 'a' has a seed of its own")]
    [InlineData("", "\"a\": {\"policy\": \"other\"}", "", "arm 'a' has 'policy' of its own")]
    [InlineData(", \"problems\": \"other\"", "\"a\": {}", "", "the recipe has 'problems' of its own")]
    [InlineData("", "\" \": {}", "", "an arm or a policy has no name")]
    [InlineData("", "\"a\": null", "", "arm 'a' is null")]
    [InlineData("", "\"a\": {\"critic\": null}", "", "arm 'a': the setting critic is null")]
    [InlineData("", "\"a\": {\"wording\": \"functions\"}", "", "arm 'a' has a wording of its own")]
    [InlineData("", "\"a\": {}, \"b\": {\"turn_limit\": 1}, \"c\": {\"feedback\": \"real\"}", "", "arms 'a' and 'c' are the same run")]
    [InlineData(", \"turn_limit\": 1, \"advantage\": \"reward\"", "\"a\": {\"reward\": \"rltf\"}, \"b\": {\"reward\": \"rltf, -0.3\"}", "", "arms 'a' and 'b' are the same run")]
    [InlineData("", "\"a\": {}", ", \"polices\": {}", "polices")]
    public void What_is_wrong_with_a_file_is_said(string recipe, string arms, string more, string message)
    {
        var path = Write(recipe, arms, more);
        var error = Assert.Throws<InvalidDataException>(() => Sweep.Load(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("\"seeds\": [1, 2]", "\"seeds\": [1, 1]", "seed 1 stands there twice")]
    [InlineData("[\"real\", \"none\"]", "[\"real\", \"real\"]", "feedback 'real' stands there twice")]
    [InlineData("\"samples\": 3", "\"samples\": 0", "evaluation with samples 0")]
    [InlineData("\"turns\": 2", "\"turns\": -1", "evaluation with turns -1")]
    [InlineData("\"turns\": 2", "\"turns\": 2, \"limit\": 0", "evaluation with limit 0")]
    [InlineData("\"turns\": 2", "\"turns\": 2, \"temperature\": -1", "temperature -1")]
    [InlineData("\"turns\": 2", "\"turns\": 2, \"max_dialogue_tokens\": 0", "max_dialogue_tokens 0")]
    [InlineData("{\"shipped\":", "{\"\": \"train.jsonl\", \"shipped\":", "an arm or a policy has no name")]
    [InlineData("{\"shipped\":", "{\"one\": null, \"shipped\":", "policy 'one' has no path")]
    [InlineData("{\"shipped\":", "{\"again\": \"train.jsonl\", \"too\": \"train.jsonl\", \"shipped\":", "has two names")]
    [InlineData("{\"shipped\":", "{\"again\": \"train.jsonl\", \"too\": \"./train.jsonl/\", \"shipped\":", "has two names")]
    public void So_is_what_would_be_counted_twice_or_cannot_be_scored(string there, string instead, string message)
    {
        var path = Write();
        File.WriteAllText(path, File.ReadAllText(path).Replace(there, instead, StringComparison.Ordinal));
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Sweep.Load(path)).Message);
    }

    [Fact]
    public async Task Nothing_is_computed_twice_and_the_results_are_those_of_one_go()
    {
        var (path, runs, results) = (Write(), Path.Combine(folder, "runs"), Path.Combine(folder, "results.json"));
        var cancellation = TestContext.Current.CancellationToken;
        var first = await new SweepRunner(Sweep.Load(path), runs).RunAsync(results, cancellation: cancellation);
        // Two feedbacks and four budgets for the base policy and for two arms of two seeds each.
        Assert.Equal(3 * 2 * 4, first.Rows.Count(r => r.Budget.Contains('@', StringComparison.Ordinal)));
        Assert.All(first.Rows, r => Assert.Equal(r.Arm == SweepResults.Base ? 1 : 2, r.Runs));
        Assert.All(first.Rows, r => Assert.Equal((r.Arm == SweepResults.Base, r.Arm == SweepResults.Base), (r.Gain is null, r.FromArms.Count == 0)));

        Assert.Equal([("turn", 1UL), ("grpo", 1UL), ("turn", 2UL), ("grpo", 2UL)], first.Runs.Select(r => (r.Arm, r.Seed)));
        Assert.All(first.Runs, r => Assert.True(Directory.Exists(Path.Combine(runs, r.Folder, "policy"))));
        Assert.All(first.Runs, r => Assert.Equal((1, r.Arm == "turn", true), (r.Updates, r.ExplainedVariance is not null, r.Minutes > 0)));

        // What a kill leaves behind: a run without its scores.
        var scores = Directory.GetFiles(runs, "evaluation-*", SearchOption.AllDirectories);
        Assert.Equal(2 * (1 + 4), scores.Length);
        File.Delete(scores[0]);
        var checkpoints = Checkpoints();
        var second = await new SweepRunner(Sweep.Load(path), runs).RunAsync(results, cancellation: cancellation);
        Assert.Equal(checkpoints, Checkpoints());
        Assert.Equal(JsonSerializer.Serialize(first.Rows), JsonSerializer.Serialize(second.Rows));
        Assert.Equal(first.Runs, second.Runs);
        Assert.Equal(5, Directory.GetDirectories(runs).Length);

        // Other sampling is another evaluation, of the same runs.
        var sweep = Sweep.Load(path);
        var third = await new SweepRunner(sweep with { Evaluation = sweep.Evaluation with { Temperature = 0 } }, runs).RunAsync(results, cancellation: cancellation);
        Assert.Equal(checkpoints, Checkpoints());
        Assert.Equal(2 * scores.Length, Directory.GetFiles(runs, "evaluation-*", SearchOption.AllDirectories).Length);
        // Where the same is always said, the best of three programs is one program.
        Assert.All(third.Rows.Where(r => r.Budget == "1@3 single-turn"), r => Assert.Equal(third.Rows.Single(o => (o.Arm, o.Feedback, o.Budget) == (r.Arm, r.Feedback, "1@1")).Mean.Estimate, r.Mean.Estimate, 9));

        Dictionary<string, DateTime> Checkpoints() => Directory.GetFiles(runs, "counters.json", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
    }

    [Fact]
    public async Task A_run_that_comes_apart_or_is_damaged_does_not_hold_up_the_others()
    {
        var (sweep, results, runs) = (Sweep.Load(Write(arms: "\"apart\": {\"learning_rate\": 1e17, \"references\": 2, \"updates\": 2}, \"deeper\": {\"critic.layer\": 99}, \"cramped\": {\"feedback\": \"random\", \"max_dialogue_tokens\": 40}, \"turn\": {}")), Path.Combine(folder, "results.json"), Path.Combine(folder, "runs"));
        sweep = sweep with { Evaluation = sweep.Evaluation with { Samples = 1, Feedback = ["none"] } };
        var error = await Assert.ThrowsAsync<InvalidDataException>(RunAsync);
        Assert.Contains("6 of 8 runs did not finish", error.Message);
        Assert.Contains("arm 'apart', shipped, seed 2", error.Message);
        Assert.Contains("arm 'deeper', shipped, seed 2", error.Message);
        // What it would be told is played for before it is trained.
        Assert.Contains("arm 'cramped', shipped, seed 2", error.Message);
        Assert.Equal([("turn", 1UL), ("turn", 2UL)], SweepResults.Load(results).Runs.Select(r => (r.Arm, r.Seed)));

        var damaged = Path.Combine(new RunDirectory(Path.Combine(runs, SweepResults.Load(results).Runs[0].Folder)).CheckpointPath(1), "counters.json");
        File.WriteAllText(damaged, "{");
        error = await Assert.ThrowsAsync<InvalidDataException>(RunAsync);
        Assert.Contains("7 of 8 runs did not finish", error.Message);
        Assert.Contains(damaged, error.Message);
        Assert.Equal([("turn", 2UL)], SweepResults.Load(results).Runs.Select(r => (r.Arm, r.Seed)));

        Task RunAsync() => new SweepRunner(sweep, runs).RunAsync(results, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_copy_of_a_base_policy_is_not_counted_as_a_second()
    {
        var sweep = Sweep.Load(Write());
        var copy = Directory.CreateDirectory(Path.Combine(folder, "copy")).FullName;
        foreach (var file in Directory.EnumerateFiles(Home.File("data", "nano", "base")))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        sweep = sweep with { Policies = new Dictionary<string, string> { ["shipped"] = Home.File("data", "nano", "base"), ["copy"] = copy }, Evaluation = sweep.Evaluation with { Samples = 1, Feedback = ["none"], Limit = 1 } };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new SweepRunner(sweep, Path.Combine(folder, "runs")).RunAsync(Path.Combine(folder, "results.json"), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("Policies 'shipped' and 'copy' have the same weights, and would be counted as two.", error.Message);
    }

    [Fact]
    public async Task Where_the_sandbox_failed_all_is_played_again_and_verdicts_stay()
    {
        static EvaluationResult Of(params VerdictKind[] verdicts) => new(verdicts.Select((v, i) => new EpisodeOutcome($"{i}", $"{i}", [v], v == VerdictKind.Accepted ? v : null)));
        var path = Path.Combine(folder, "outcomes.json");
        EvaluationResult[] plays = [Of(VerdictKind.InfrastructureError, VerdictKind.Accepted, VerdictKind.WrongAnswer), Of(VerdictKind.WrongAnswer, VerdictKind.InfrastructureError, VerdictKind.Accepted)];
        foreach (var play in plays)
            await OutcomeFile.ReadOrPlayAsync(path, () => Task.FromResult(play));
        Assert.Equal([VerdictKind.WrongAnswer, VerdictKind.Accepted, VerdictKind.WrongAnswer], OutcomeFile.Read(path).Outcomes.Select(o => o.Turns[0]));
    }

    [Fact]
    public async Task Scores_in_one_wording_are_not_taken_for_those_in_another()
    {
        var (runs, cancellation) = (Path.Combine(folder, "runs"), TestContext.Current.CancellationToken);
        foreach (var wording in new[] { "nano", "functions" })
            await new SweepRunner(Sweep.Load(Write($", \"wording\": \"{wording}\"", "\"turn\": {}")) with { Seeds = [1] }, runs).RunAsync(Path.Combine(folder, "results.json"), cancellation: cancellation);
        Assert.Equal(2, Directory.GetDirectories(runs, "base-*").Length);
    }

    [Fact]
    public async Task Problems_that_a_base_policy_never_or_always_solves_are_not_learned_from()
    {
        var (path, runs) = (Write(arms: "\"single\": {\"turn_limit\": 1}", more: ", \"select\": 8"), Path.Combine(folder, "runs"));
        // The first cannot be solved, since its private test expects something else than its public one.
        var train = File.ReadAllLines(Path.Combine(folder, "train.jsonl")).Select(l => JsonNode.Parse(l)!).ToArray();
        train[0]["private_tests"] = new JsonArray(train[0]["public_tests"]![0]!.DeepClone());
        train[0]["private_tests"]![0]!["output"] = "never";
        File.WriteAllLines(Path.Combine(folder, "train.jsonl"), train.Select(t => t.ToJsonString()));
        var sweep = Sweep.Load(path);
        sweep = sweep with
        {
            Seeds = [1],
            Recipe = new() { ["updates"] = 1, ["problems_per_update"] = 4, ["minibatches"] = 1 },
            Evaluation = sweep.Evaluation with { Samples = 1, Feedback = ["none"] },
        };
        await new SweepRunner(sweep, runs).RunAsync(Path.Combine(folder, "results.json"), cancellation: TestContext.Current.CancellationToken);
        var played = JsonDocument.Parse(File.ReadAllText(Assert.Single(Directory.GetFiles(runs, "selection-8-*", SearchOption.AllDirectories)))).RootElement.EnumerateArray().ToList();
        Assert.Equal(6 * 8, played.Count);
        var recipe = File.ReadAllText(Assert.Single(Directory.GetFiles(runs, "config.json", SearchOption.AllDirectories), f => !f.Contains("policy")));
        Assert.DoesNotContain("train (6)", recipe);
        Assert.Contains("train (", recipe);
    }

    [Fact]
    public void A_run_is_told_by_its_metrics()
    {
        var run = new Sweep.Run("turn", "one", 3, new(), "real", "rlef", "nano");
        var updates = Enumerable.Range(0, 12).Select(u => new Dictionary<string, double>
        {
            ["kl"] = u == 4 ? 0.25 : 0.125, ["explained_variance"] = u < 2 ? -1 : 0.5, ["executions"] = 7, ["generation_seconds"] = 3, ["generation_tokens_per_second"] = 10, ["judge_wait_seconds"] = 1, ["measuring_seconds"] = 1.5, ["learning_seconds"] = 2, ["learning_tokens_per_second"] = 50.5,
        }).ToList();
        Assert.Equal(new TrainedRun("0123", "turn", "one", 3, 12, 0.25, 0.5, 84, 1.5, 360, 1212), TrainedRun.Of("0123", run, updates));
        // An update that is learned offline plays nothing, and an estimator without a critic explains nothing.
        Assert.Equal(new TrainedRun("0123", "turn", "one", 3, 1, null, null, 0, 0.5, 0, 0), TrainedRun.Of("0123", run, [new Dictionary<string, double> { ["learning_seconds"] = 30 }]));
    }
}
