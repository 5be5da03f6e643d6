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
        var (sweep, results, runs) = (Sweep.Load(Write(arms: "\"apart\": {\"learning_rate\": 1e36, \"references\": 2, \"updates\": 2}, \"deeper\": {\"critic.layer\": 99}, \"turn\": {}")), Path.Combine(folder, "results.json"), Path.Combine(folder, "runs"));
        sweep = sweep with { Evaluation = sweep.Evaluation with { Samples = 1, Feedback = ["none"] } };
        var error = await Assert.ThrowsAsync<InvalidDataException>(RunAsync);
        Assert.Contains("4 of 6 runs did not finish", error.Message);
        Assert.Contains("arm 'apart', shipped, seed 2", error.Message);
        Assert.Contains("arm 'deeper', shipped, seed 2", error.Message);
        Assert.Equal([("turn", 1UL), ("turn", 2UL)], SweepResults.Load(results).Runs.Select(r => (r.Arm, r.Seed)));

        var damaged = Path.Combine(new RunDirectory(Path.Combine(runs, SweepResults.Load(results).Runs[0].Folder)).CheckpointPath(1), "counters.json");
        File.WriteAllText(damaged, "{");
        error = await Assert.ThrowsAsync<InvalidDataException>(RunAsync);
        Assert.Contains("5 of 6 runs did not finish", error.Message);
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
    public void Dialogues_that_say_nothing_are_counted_and_their_problem_is_in_no_comparison()
    {
        static EpisodeOutcome Outcome(string problem, VerdictKind verdict) => new(problem, problem, [verdict], verdict == VerdictKind.Accepted ? verdict : null);
        EvaluationResult whole = new([Outcome("a", VerdictKind.Accepted), Outcome("b", VerdictKind.WrongAnswer)]), broken = new([Outcome("a", VerdictKind.InfrastructureError), Outcome("b", VerdictKind.Accepted)]);
        var results = SweepResults.Of([new(SweepResults.Base, "p", 0, "real", whole), new("arm", "p", 1, "real", broken), new("arm", "p", 2, "real", whole)], 1);
        Assert.Equal(1, results.Masked);
        var solved = results.Rows.Single(r => (r.Arm, r.Budget) == ("arm", "1@1"));
        Assert.Equal((0.5, 0.5), (solved.Mean.Estimate, solved.Gain!.Estimate));
    }

    [Fact]
    public void Dialogues_in_which_the_policy_had_no_turn_are_no_failures_of_its()
    {
        static Episode Of(string id, Judgement seen, bool given) => new(Episodes.Problem with { Id = id }, 0, [Episodes.Turn(seen) with { Given = given }], Episodes.Judged(VerdictKind.Accepted));
        EvaluationResult result = new([Of("a", Episodes.Judged(VerdictKind.Accepted), given: false), Of("b", Episodes.Judged(VerdictKind.Accepted), given: true), Of("c", Episodes.Judged(VerdictKind.InfrastructureError), given: true)]);
        Assert.Equal([(false, true), (true, false), (false, false)], result.Outcomes.Select(o => (o.Silent, o.Counts)));
        Assert.True(result.Outcomes[2].Masked);
        Assert.Equal(["a"], result.MultiTurn(1).Problems);
        var results = SweepResults.Of([new(SweepResults.Base, "p", 0, "real", result)], 1);
        Assert.Equal((1, 1, 1.0), (results.Masked, results.Silent, results.Rows[0].Mean.Estimate));
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

    [Fact]
    public void Arms_are_compared_with_the_base_policy_and_with_each_other_pair_by_pair()
    {
        static EvaluationResult Of(params int[] solved) => new(solved.SelectMany((s, p) => Enumerable.Range(0, 4).Select(i => new EpisodeOutcome($"p{p}", $"p{p}",
            [i < s ? VerdictKind.Accepted : VerdictKind.WrongAnswer], i < s ? VerdictKind.Accepted : null))));
        SweepResults.Scored[] scored =
        [
            new("base", "one", 0, "real", Of(0, 1, 2)), new("base", "two", 0, "real", Of(1, 1, 1)),
            new("first", "one", 1, "real", Of(1, 2, 3)), new("first", "two", 1, "real", Of(2, 2, 2)),
            new("second", "one", 1, "real", Of(3, 4, 4)), new("second", "two", 1, "real", Of(4, 4, 4)),
        ];
        var rows = SweepResults.Of(scored, 1).Rows.Where(r => r.Budget == "1@1").ToDictionary(r => r.Arm);
        Assert.Equal(0.25, rows["first"].Gain!.Estimate, 9);
        Assert.Equal((3 + 4 + 4 + 12) / 24.0 - 12 / 24.0, rows["second"].FromArms["first"].Estimate, 9);
        Assert.Equal(-rows["second"].FromArms["first"].Estimate, rows["first"].FromArms["second"].Estimate, 9);
        Assert.Empty(rows["base"].FromArms);
    }

    [Fact]
    public void What_training_changed_is_told_by_base_policy_where_each_has_three_runs()
    {
        static EvaluationResult Of(params bool[] solved) => new(solved.Select((s, p) => new EpisodeOutcome($"p{p}", $"p{p}", [s ? VerdictKind.Accepted : VerdictKind.WrongAnswer], s ? VerdictKind.Accepted : null)));
        List<SweepResults.Scored> scored = [new("base", "one", 0, "real", Of(true, false, false, false)), new("base", "two", 0, "real", Of(true, true, false, false))];
        for (ulong seed = 1; seed <= 3; seed++)
            scored.AddRange([new("arm", "one", seed, "real", Of(true, true, seed == 1, false)), new("arm", "two", seed, "real", Of(true, false, false, false))]);
        SweepResults.Row Arm(IReadOnlyList<SweepResults.Scored> some) => SweepResults.Of(some, 1).Rows.Single(r => r.Arm == "arm" && r.Budget == "1@1");
        var (all, byPolicy) = (Arm(scored), Arm(scored).GainByPolicy!);
        Assert.Equal(1 / 3.0, byPolicy["one"].Estimate, 9);
        Assert.Equal(-0.25, byPolicy["two"].Estimate, 9);
        Assert.Equal(all.Gain!.Estimate, byPolicy.Values.Average(g => g.Estimate), 9);
        Assert.Null(Arm(scored[..^1]).GainByPolicy);
    }

    [Fact]
    public void Feedbacks_are_compared_with_the_first_and_dialogues_with_independent_programs()
    {
        static EvaluationResult Of(bool told) => new(Enumerable.Range(0, 4).SelectMany(p => Enumerable.Range(0, 3).Select(i => new EpisodeOutcome($"p{p}", $"p{p}",
            i < p ? [VerdictKind.Accepted] : [VerdictKind.WrongAnswer, told ? VerdictKind.Accepted : VerdictKind.WrongAnswer], i < p || told ? VerdictKind.Accepted : null))));
        var rows = SweepResults.Of([new("base", "one", 0, "real", Of(true)), new("base", "one", 0, "none", Of(false))], 2).Rows;
        SweepResults.Row Row(string feedback, string budget) => rows.Single(r => r.Feedback == feedback && r.Budget == budget);
        Assert.Null(Row("real", "1@2 multi-turn").FromFeedback);
        Assert.Equal(-0.5, Row("none", "1@2 multi-turn").FromFeedback!.Estimate, 9);
        Assert.Equal(0, Row("none", "1@1").FromFeedback!.Estimate, 9);
        Assert.Null(Row("real", "1@1").FromIndependent);
        // Two of three programs: of a problem solved by none, one, two and all of three, 0, 2/3, 1 and 1.
        Assert.Equal(1 - (0 + 2 / 3.0 + 1 + 1) / 4, Row("real", "1@2 multi-turn").FromIndependent!.Estimate, 9);
    }

    [Fact]
    public void Longer_dialogues_are_compared_with_shorter_ones_and_many_programs_by_the_ten_that_are_handed_in()
    {
        // Of one problem every dialogue is solved by its fourth turn, of the other never.
        static EvaluationResult Of(int samples) => new(Enumerable.Range(0, 2).SelectMany(p => Enumerable.Range(0, samples).Select(_ => new EpisodeOutcome($"p{p}", $"p{p}",
            [.. Enumerable.Repeat(VerdictKind.WrongAnswer, 3), p == 0 ? VerdictKind.Accepted : VerdictKind.WrongAnswer], p == 0 ? VerdictKind.Accepted : null))));
        static Dictionary<string, SweepResults.Row> Rows(int samples, int turns) => SweepResults.Of([new("base", "one", 0, "real", Of(samples))], turns).Rows.ToDictionary(r => r.Budget);
        var few = Rows(3, 5);
        Assert.Equal(["1@1", "1@3 single-turn", "1@3 multi-turn", "1@5 multi-turn", "1@10 in dialogues of 3", "1@10 in dialogues of 5", .. Behaviour, "repairs in 3 turns", "repairs of wrong answers in 3 turns"], few.Keys);
        Assert.Null(few["1@10 in dialogues of 5"].FromIndependent);
        Assert.Null(few["1@3 multi-turn"].FromShorter);
        Assert.Equal(0.5, few["1@5 multi-turn"].FromShorter!.Estimate, 9);
        Assert.Null(few["1@5 multi-turn"].FromIndependent);
        var many = Rows(100, 5);
        Assert.Equal(0.5, many["1@5 multi-turn"].FromIndependent!.Estimate, 9);
        Assert.Equal(0, many["10@100 in dialogues of 3"].Mean.Estimate, 9);
        Assert.Equal(0.5, many["10@100 in dialogues of 5"].FromIndependent!.Estimate, 9);
        Assert.Equal(0.5, many["1@10 in dialogues of 5"].FromIndependent!.Estimate, 9);
        Assert.Equal(["1@1", "1@3 single-turn", "1@10 single-turn", .. Behaviour], Rows(10, 1).Keys);
    }

    static readonly string[] Behaviour = ["wrong answers first", "time-outs first"];

    [Fact]
    public void Repairs_are_shares_of_the_programs_that_follow_a_failure()
    {
        // Of the first problem nothing follows; of the second two programs, one of which passes; of the third three, none of which does, and the fourth turn is not asked about.
        static EvaluationResult Of(bool repaired) => new(new (string, VerdictKind?[])[]
        {
            ("a", [VerdictKind.Accepted]), ("a", [VerdictKind.Accepted]),
            ("b", [VerdictKind.WrongAnswer, VerdictKind.TimeLimit, VerdictKind.Accepted]), ("b", [VerdictKind.Accepted]),
            ("c", [VerdictKind.TimeLimit, null, VerdictKind.WrongAnswer, VerdictKind.Accepted]), ("c", [VerdictKind.TimeLimit, repaired ? VerdictKind.Accepted : VerdictKind.WrongAnswer]),
        }.Select(d => new EpisodeOutcome(d.Item1, d.Item1, [.. d.Item2], null)));
        var rows = SweepResults.Of([new("base", "one", 0, "real", Of(false)), new("base", "one", 0, "none", Of(true))], 4).Rows.ToDictionary(r => (r.Feedback, r.Budget));
        Assert.Equal(1 / 5.0, rows[("real", "repairs in 3 turns")].Mean.Estimate, 9);
        Assert.Equal(1 / 5.0, rows[("none", "repairs in 3 turns")].FromFeedback!.Estimate, 9);
        Assert.Equal(0, rows[("real", "repairs of wrong answers in 3 turns")].Mean.Estimate);
        Assert.Equal(2 / 3.0, Of(true).Repairs(3, VerdictKind.TimeLimit)!.Average(), 9);
        Assert.Null(Of(true).Repairs(3, VerdictKind.RuntimeError));
        Assert.Equal((1 / 6.0, 2 / 6.0), (rows[("real", "wrong answers first")].Mean.Estimate, rows[("real", "time-outs first")].Mean.Estimate));
        // In first order: 0.2, more or less what the problem's dialogues have of passing programs above 0.2 of those that follow, of which a dialogue has 5/6: (1/2 − 0.2 · 1) / (5/6), (0 − 0.2 · 3/2) / (5/6).
        Assert.Equal([0.2, 0.56, -0.16], Of(false).Repairs(3)!.Select(s => Math.Round(s, 9)));
        Assert.Null(new EvaluationResult([new EpisodeOutcome("a", "a", [VerdictKind.Accepted], null)]).Repairs(3));
    }
}
