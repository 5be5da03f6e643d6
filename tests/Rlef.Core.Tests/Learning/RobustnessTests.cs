using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Advantages;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Objectives;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Learning;

/// <summary>Updates that cannot teach, and numbers that cannot be learned from.</summary>
[Collection(nameof(Alone))]
public sealed partial class RobustnessTests : IDisposable
{
    static readonly TrainingConfig Small = TrainingConfig.Nano with { Updates = 2, ProblemsPerUpdate = 4, MaxResponseTokens = 24, MaxDialogueTokens = 512, WarmupSteps = 0, TurnLimit = 2 };

    readonly string folder = Directory.CreateTempSubdirectory("rlef-run-").FullName;
    readonly PolicyCheckpoint policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));

    public void Dispose()
    {
        policy.Dispose();
        Directory.Delete(folder, true);
    }

    string Weights => Safetensors.Digest(policy.Model.Parameters.Select(p => (p.Key, (Tensor)p.Value)));

    async Task<IReadOnlyList<IReadOnlyDictionary<string, double>>> TrainAsync(TrainingConfig config, Func<int, VerdictKind> verdict, IReward? reward = null, IEnumerable<Problem>? problems = null)
    {
        var set = new ProblemSet("train", problems ?? Laboratory.Nano("train").Take(8));
        var setup = new TrainingSetup(set, new Verdicts(verdict), new ChatFormat(policy.Files), DialogueWording.Nano, new RealFeedback(DialogueWording.Nano), reward ?? new Always());
        using var trainer = new RlefTrainer(policy.Model, setup, config);
        var run = new RunDirectory(folder);
        await trainer.TrainAsync(run, cancellation: TestContext.Current.CancellationToken);
        return run.ReadMetrics();
    }

    // Pays by the last verdict, also where a response holds no code.
    sealed class Always : IReward
    {
        public string Name => "always";
        public bool NeedsEveryTest => false;
        public EpisodeReward Score(Episode episode) => new([.. episode.Turns.Select((_, i) => i < episode.Turns.Length - 1 ? 0 : episode.Solved ? 1.0 : -1)]);
    }

    sealed class Verdicts(Func<int, VerdictKind> verdict) : IJudge
    {
        int asked;

        public Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false, CancellationToken cancellation = default)
        {
            var kind = verdict(Interlocked.Increment(ref asked));
            return Task.FromResult(new Judgement([.. tests.Select(t => new Verdict(kind, t, "", null, TimeSpan.Zero))], tests.Length));
        }
    }

    // One judgement a dialogue, and the sandbox fails after those of the first of two rounds.
    [Fact]
    public async Task Experience_that_is_not_complete_is_not_learned_from()
    {
        var config = Small with { MaxResponseTokens = 96, TurnLimit = 1, References = 2, Experience = new OfflineExperience { Size = 8, Draw = 2 } };
        var metrics = await TrainAsync(config, i => i <= 4 ? VerdictKind.WrongAnswer : VerdictKind.InfrastructureError);
        Assert.Equal([1, 1], metrics.Select(m => m["skipped_updates"]));
    }

    [Fact]
    public async Task Weights_of_tokens_are_not_added_up_to_a_return()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(Small with { TurnLimit = 1, SamplesPerProblem = 2, Advantage = new GrpoAdvantage() }, _ => VerdictKind.WrongAnswer, new RltfReward(RltfFeedback.All, new ChatFormat(policy.Files).Tokenizer)));
        Assert.Contains("the advantage grpo would add these weights up", refusal.Message);
        Assert.Contains("take the advantage reward or best-so-far", refusal.Message);
    }

    [Fact]
    public async Task A_policy_with_other_weights_than_the_settings_say_is_refused()
    {
        Assert.Contains("dtype is bfloat16", (await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(Small with { Dtype = WeightType.Bfloat16 }, _ => VerdictKind.WrongAnswer))).Message);
        policy.Model.AddLora(new(Rank: 4));
        Assert.Contains("adapters of rank 4 and alpha 16 already", (await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(Small, _ => VerdictKind.WrongAnswer))).Message);
    }

    [Fact]
    public void Examples_without_anything_to_learn_are_no_examples()
    {
        SupervisedTrainer.Example told = new([1, 2, 3], [false, true, true]), untold = new([1, 2, 3], [false, false, false]);
        Assert.Throws<ArgumentException>(() => SupervisedTrainer.Train(policy.Model, [untold], new(Steps: 1)));
        SupervisedTrainer.Train(policy.Model, [untold, told], new(Steps: 2, BatchTokens: 3), (_, loss) => Assert.True(double.IsFinite(loss)));
    }

    [Fact]
    public async Task An_update_without_usable_episodes_teaches_nothing_and_is_counted()
    {
        var before = Weights;
        var metrics = await TrainAsync(Small with { MaxResponseTokens = 96 }, _ => VerdictKind.InfrastructureError);
        Assert.Equal(before, Weights);
        Assert.Equal([1, 1], metrics.Select(m => m["skipped_updates"]));
        Assert.All(metrics, m => Assert.Equal(4, m["masked_episodes"]));
    }

    [Theory]
    [InlineData("turn")]
    [InlineData("token")]
    [InlineData("reward")]
    [InlineData("turn-index")]
    [InlineData("rloo")]
    [InlineData("grpo")]
    [InlineData("dr-grpo")]
    [InlineData("reinforce++")]
    [InlineData("best-so-far")]
    public async Task Equal_rewards_move_no_weight_of_the_policy(string advantage)
    {
        var before = Weights;
        var metrics = await TrainAsync(Small with { Advantage = Arm<IAdvantage>.Parse(advantage, RecipeJson.Options) }, _ => VerdictKind.WrongAnswer);
        Assert.Equal(before, Weights);
        Assert.Equal([1, 1], metrics.Select(m => m["flat_rewards"]));
        Assert.All(metrics, m => Assert.Equal(0, m.GetValueOrDefault("explained_variance")));
    }

    [Fact]
    public async Task Drafts_that_leave_the_policy_nothing_to_say_are_left_out_and_counted()
    {
        var before = Weights;
        var draft = Laboratory.Nano("train").Take(4).Select(p => p with { Draft = "print(1)" });
        var metrics = await TrainAsync(Small, _ => VerdictKind.Accepted, problems: draft);
        Assert.Equal(before, Weights);
        Assert.All(metrics, m => Assert.Equal((4, 1, false), (m["silent_episodes"], m["skipped_updates"], m.ContainsKey("solve_rate"))));
    }

    [Fact]
    public async Task A_draft_that_no_dialogue_has_room_for_is_named()
    {
        var tooLong = Laboratory.Nano("train").Take(1).Select(p => p with { Draft = string.Concat(Enumerable.Repeat("print(1)\n", 200)) });
        Assert.Contains("but a dialogue may have 512", (await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(Small, _ => VerdictKind.WrongAnswer, problems: tooLong))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_without_room_ends_a_run_before_its_first_update_whenever_it_would_come()
    {
        var problems = Laboratory.Nano("train").Take(60).ToList();
        problems.Add(problems[0] with { Id = "long", Statement = string.Join(' ', Enumerable.Repeat("Read", 600)) });
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(Small, _ => VerdictKind.WrongAnswer, problems: problems));
        Assert.StartsWith("Problem 'long' needs ", error.Message);
        Assert.False(File.Exists(Path.Combine(folder, "metrics.jsonl")));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    public async Task The_trainer_computes_at_the_temperature_that_was_sampled_at(double temperature)
    {
        var metrics = await TrainAsync(Small with { Updates = 1, Temperature = temperature }, i => i % 2 == 0 ? VerdictKind.Accepted : VerdictKind.WrongAnswer);
        Assert.InRange(metrics[0]["behaviour_gap"], 0, 1e-3);
        Assert.Equal(0, metrics[0]["kl"], 6);
    }

    [Fact]
    public async Task What_is_imitated_unjudged_is_drawn_from_the_likeliest_tokens_and_teaches_whatever_became_of_it()
    {
        var before = Weights;
        var metrics = await TrainAsync(Small with { Updates = 1, ProblemsPerUpdate = 2, SamplesPerProblem = 2, TurnLimit = 1, Objective = new SupervisedObjective { TopP = 1e-9 }, Advantage = new UnjudgedAdvantage(), Kl = new() { Weight = 0 } },
            _ => VerdictKind.WrongAnswer);
        Assert.NotEqual(before, Weights);
        Assert.Equal(0, metrics[0]["flat_rewards"]);
        var played = new RunDirectory(folder).ReadTranscripts().ToList();
        Assert.Equal(4, played.Count);
        // Of the likeliest token alone nothing is drawn by chance.
        Assert.All(played.GroupBy(t => t.Problem), same => Assert.Single(same.Select(t => t.Messages[^1].Text).Distinct()));
    }

    [Fact]
    public async Task Longer_dialogues_than_the_policy_has_positions_for_are_refused() => Assert.Contains("max_dialogue_tokens is 5000, but the policy has 1024 positions: --max-dialogue-tokens 1024",
        (await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(Small with { MaxDialogueTokens = 5000 }, _ => VerdictKind.Accepted))).Message);

    [Fact]
    public async Task Temperature_zero_is_refused() =>
        Assert.Contains("temperature", (await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(Small with { Temperature = 0 }, _ => VerdictKind.Accepted))).Message);

    [Fact]
    public async Task A_weight_that_is_no_number_is_named()
    {
        using (no_grad())
            policy.Model.Parameters["model.layers.1.mlp.up_proj.weight"].Fill_(float.NaN);
        var error = await Assert.ThrowsAsync<NotFiniteNumberException>(() => TrainAsync(Small, _ => VerdictKind.Accepted));
        Assert.Contains("model.layers.1.mlp.up_proj.weight", error.Message);
        Assert.Contains("update 1:", error.Message);
        Assert.Throws<NotFiniteNumberException>(() => SequenceScorer.LogProbs(policy.Model, [1, 2, 3]));
        Assert.Throws<NotFiniteNumberException>(() => TextGenerator.Continue(policy.Model, [1, 2, 3], new(0), []).First());
    }

    [Fact]
    public async Task A_rate_at_which_learning_diverges_ends_the_run_with_the_way_out()
    {
        var error = await Assert.ThrowsAsync<NotFiniteNumberException>(() => TrainAsync(Small with { Updates = 4, LearningRate = 1e17 }, _ => VerdictKind.WrongAnswer, new TokenSumReward()));
        Assert.Contains("lower learning rate than 1E+17", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(new RunDirectory(folder).Checkpoints.Any(), error.Message.Contains("in the run's checkpoints", StringComparison.Ordinal));
    }

    sealed class Pays(Func<Episode, EpisodeReward> pay) : IReward
    {
        public string Name => "mine";
        public bool NeedsEveryTest => false;
        public EpisodeReward Score(Episode episode) => pay(episode);
    }

    public static TheoryData<Func<Episode, EpisodeReward>, string> Unpayable { get; } = new()
    {
        { e => new([.. e.Turns.Select(_ => double.NaN)]), ": NaN. " },
        { e => new([.. e.Turns.Select(_ => double.NegativeInfinity)]), ": -Infinity. " },
        { e => new([.. e.Turns.Select(_ => 1e300)]), ": 1E+300. " },
        { _ => new([]), ": 0 for 2 turns. " },
        { _ => new([1]), ": 1 for 2 turns. " },
        { e => new([.. e.Turns.Select(_ => 1.0)], [1]), ": 1 for 48 tokens. " },
        { e => new([.. e.Turns.Select(_ => 1.0)], [], [true]), ": a mask of 1 for 48 tokens. " },
    };

    [Theory]
    [MemberData(nameof(Unpayable), DisableDiscoveryEnumeration = true)]
    public async Task A_reward_that_cannot_be_learned_from_is_named_with_the_problem(Func<Episode, EpisodeReward> pay, string wrong)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(Small, _ => VerdictKind.WrongAnswer, new Pays(pay)));
        Assert.Matches($"^What the reward 'mine' pays a dialogue about problem '[^']+' cannot be learned from{Regex.Escape(wrong)}", error.Message);
    }

    [Fact]
    public async Task References_that_no_problem_has_are_refused_and_others_are_counted()
    {
        var imitating = Small with { Updates = 1, References = 3, Objective = new ReinforceObjective() };
        var without = Laboratory.Nano("train").Take(4).Select(p => p with { Reference = null }).ToList();
        Assert.Contains("references is 3, but no problem of 'train'", (await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(imitating, _ => VerdictKind.WrongAnswer, problems: without))).Message);
        without[0] = Laboratory.Nano("train")[0];
        Assert.Equal(1, (await TrainAsync(imitating, _ => VerdictKind.WrongAnswer, problems: without))[0]["references"]);
        Assert.Contains("Nothing would be learned from", (await Assert.ThrowsAsync<ArgumentException>(() =>
            TrainAsync(Small with { Experience = new OfflineExperience { Size = 0 } }, _ => VerdictKind.WrongAnswer))).Message);
    }

    // Pays each token by itself.
    sealed class ByToken : IReward
    {
        public string Name => "by token";
        public bool NeedsEveryTest => false;
        public EpisodeReward Score(Episode episode) => new([.. episode.Turns.Select(_ => 1.0)], [.. episode.Own.SelectMany(t => t.Response).Select(_ => -0.25)]);
    }

    [Fact]
    public async Task What_tokens_are_paid_is_part_of_the_reward_that_is_told()
    {
        var metrics = await TrainAsync(Small with { Updates = 1, TurnLimit = 1 }, _ => VerdictKind.WrongAnswer, new ByToken());
        Assert.Equal(1 - 0.25 * metrics[0]["response_tokens"], metrics[0]["reward"], 9);
    }

    // Pays by how the length of a response compares with those heard so far.
    sealed class Shorter : IReward
    {
        double sum;
        int heard;

        public string Name => "shorter";
        public bool NeedsEveryTest => false;
        public EpisodeReward Score(Episode episode) => new([.. episode.Turns.Select(t => heard > 0 && t.Response.Length < sum / heard ? 1.0 : 0)]);

        public void Fit(IReadOnlyList<Episode> episodes)
        {
            sum += episodes.Sum(e => e.Turns.Average(t => t.Response.Length));
            heard += episodes.Count;
        }

        public JsonNode? State
        {
            get => new JsonObject { ["sum"] = sum, ["heard"] = heard };
            set => (sum, heard) = value is null ? (0, 0) : ((double)value["sum"]!, (int)value["heard"]!);
        }
    }

    [Fact]
    public async Task A_reward_that_is_fitted_goes_on_where_it_was()
    {
        var config = Small with { MaxResponseTokens = 60 };
        await TrainAsync(config with { Updates = 1 }, _ => VerdictKind.WrongAnswer, new Shorter());
        var later = new Shorter();
        await TrainAsync(config with { Updates = 2 }, _ => VerdictKind.WrongAnswer, later);
        Assert.Equal(2 * config.ProblemsPerUpdate, (int)later.State!["heard"]!);
        Assert.Equal(0, (int)new Shorter().State!["heard"]!);
    }
}
