using System.Text.Json.Nodes;
using Rlef.Advantages;
using Rlef.Critics;
using Rlef.Curricula;
using Rlef.Dialogue;
using Rlef.Experience;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Objectives;
using Rlef.Policy;
using Rlef.Problems;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Learning;

[Collection(nameof(Alone))]
public sealed class TrainerTests(Sandboxes sandboxes)
{
    static readonly TrainingConfig Small = TrainingConfig.Nano with { Updates = 4, ProblemsPerUpdate = 6, Minibatches = 2, MaxResponseTokens = 96, LearningRate = 1e-3 };
    static readonly TrainingConfig Smaller = Small with { ProblemsPerUpdate = 3, MaxResponseTokens = 32 };
    static readonly string[] Timings = ["seconds", "per_second", "bytes", "live_tensors"];

    static string NewFolder() => Directory.CreateTempSubdirectory("rlef-run-").FullName;

    async Task<IReadOnlyList<IReadOnlyDictionary<string, double>>> TrainAsync(string folder, TrainingConfig config, int stopAfter = int.MaxValue,
        PolicyCheckpoint? policy = null, Device? device = null)
    {
        using var fresh = policy is null
            ? PolicyCheckpoint.Load(Home.File("data", "nano", "base"), device, config.Dtype == WeightType.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32)
            : null;
        policy ??= fresh!;
        var wording = DialogueWording.Nano;
        var setup = new TrainingSetup(new ProblemSet("train", Laboratory.Nano("train").Take(20)), sandboxes.Judge(), new ChatFormat(policy.Files), wording,
            new RealFeedback(wording), new TokenSumReward());
        using var stop = new CancellationTokenSource();
        using var trainer = new RlefTrainer(policy.Model, setup, config);
        var run = new RunDirectory(folder);
        try
        {
            await trainer.TrainAsync(run, new StopAfter(stopAfter, stop), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        return run.ReadMetrics();
    }

    sealed class StopAfter(int updates, CancellationTokenSource stop) : IProgress<IReadOnlyDictionary<string, double>>
    {
        public void Report(IReadOnlyDictionary<string, double> value)
        {
            if (value["update"] + 1 >= updates)
                stop.Cancel();
        }
    }

    public static TheoryData<string, TrainingConfig> Kinds => new()
    {
        { "all weights", Small },
        { "adapters", Smaller with { LoraRank = 4, Schedule = LearningRateSchedule.Cosine } },
        { "16-bit weights", Smaller with { Dtype = WeightType.Bfloat16, Critic = new() { Trunk = ValueTrunk.Separate, LearningRate = 5e-3 }, GradientCheckpointing = true } },
        { "a value function fitted by least squares", Smaller with { Critic = new() { Trunk = ValueTrunk.LeastSquares, Layer = 1, Mean = true } } },
        { "adapters, and a value function with its own", Smaller with { LoraRank = 4, Critic = new() { Trunk = ValueTrunk.Separate, LearningRate = 5e-3 } } },
        { "all that a run remembers", Smaller with
        {
            Experience = new FifoBuffer { Capacity = 6, Draw = 3 }, Advantage = new BestSoFarAdvantage(), Curriculum = new SolvableProblems { Episodes = 1, Revisit = 2 },
            Kl = new() { Weight = 0.1, Target = 0.01 }, References = 2, Distillation = new(),
        } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_interrupted_run_goes_on_to_the_same_numbers(string kind, TrainingConfig config)
    {
        Assert.NotEmpty(kind);
        var (whole, broken) = (NewFolder(), NewFolder());
        // On the CPU sums are always taken in the same order.
        var expected = await TrainAsync(whole, config, device: CPU);
        await TrainAsync(broken, config, stopAfter: 2, device: CPU);
        // What a kill leaves behind: half a line, and a checkpoint that was being written.
        File.AppendAllText(Path.Combine(broken, "metrics.jsonl"), "{\"update\":2,\"kl\":");
        Directory.CreateDirectory(Path.Combine(broken, "checkpoints", "000003.tmp"));
        var actual = await TrainAsync(broken, config, device: CPU);
        Assert.Equal(4, actual.Count);
        Assert.Equal([0, 2], RunDirectory.Open(broken).ReadStarts().Select(start => start.Update));
        Assert.Equal(RunEnvironment.CurrentRevision, Assert.Single(RunDirectory.Open(whole).ReadStarts()).Environment["revision"]!.ToString());
        foreach (var (e, a) in expected.Zip(actual))
            foreach (var (key, value) in e.Where(m => !Timings.Any(m.Key.Contains)))
                Assert.True(value == a[key], $"update {e["update"]}, {key}: {a[key]} instead of {value}");
        foreach (var file in (string[])["model.safetensors", "training.safetensors"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "checkpoints", "000004", file)), File.ReadAllBytes(Path.Combine(broken, "checkpoints", "000004", file)));
        Directory.Delete(whole, true);
        Directory.Delete(broken, true);
    }

    [Theory]
    [InlineData(ValueTrunk.Shared)]
    [InlineData(ValueTrunk.Separate)]
    public async Task With_adapters_only_they_learn_have_moments_and_are_saved(ValueTrunk trunk)
    {
        var folder = NewFolder();
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        using var @base = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        await TrainAsync(folder, Smaller with { Updates = 1, LoraRank = 2, LearningRate = 1e-2, Critic = new() { Trunk = trunk, LearningRate = 5e-3 } }, policy: policy);
        var adapters = policy.Model.Trained.Select(p => p.Key).ToList();
        Assert.All(adapters, n => Assert.Contains(".lora_", n));
        Assert.Contains(adapters, n => n.EndsWith("lora_B.weight", StringComparison.Ordinal) && policy.Model.Parameters[n].abs().max().item<float>() > 0);
        foreach (var (name, weight) in @base.Model.Parameters)
            Assert.Equal(weight.Floats(), policy.Model.Parameters[name].Floats());
        var checkpoint = Path.Combine(folder, "checkpoints", "000001");
        Assert.Equal(adapters.Order(), Names("model.safetensors").Order());
        var moments = Names("training.safetensors").Where(n => n.StartsWith("policy.", StringComparison.Ordinal)).Order();
        Assert.Equal(adapters.SelectMany(n => (string[])[$"policy.{n}.exp_avg", $"policy.{n}.exp_avg_sq"]).Order(), moments);
        Assert.All(Names("training.safetensors").Where(n => n.Contains("model.", StringComparison.Ordinal)), n => Assert.Contains(".lora_", n));
        Directory.Delete(folder, true);

        IEnumerable<string> Names(string file) => System.Text.Json.JsonDocument.Parse(HeaderOf(File.ReadAllBytes(Path.Combine(checkpoint, file)))).RootElement
            .EnumerateObject().Select(t => t.Name).Where(n => n != "__metadata__");
        static ReadOnlyMemory<byte> HeaderOf(byte[] bytes) => bytes.AsMemory(8, (int)BitConverter.ToInt64(bytes));
    }

    public static TheoryData<string, int> LearnsUnmeasured => new() { { "ppo", 1 }, { "reinforce", 1 }, { "reinforce", 2 } };

    [Theory, MemberData(nameof(LearnsUnmeasured))]
    public async Task What_never_asks_the_old_policy_learns_the_same_whether_or_not_it_was_measured_first(string objective, int minibatches)
    {
        // So little is paid for KL that no reward is changed by it.
        var steps = Small with
        {
            Updates = 1,
            Minibatches = minibatches,
            Advantage = new RewardAdvantage(),
            LearningRate = 1e-2,
            References = 2,
            Objective = objective == "ppo" ? new PpoObjective() : new ReinforceObjective(),
        };
        TrainingConfig unmeasured = steps with { Kl = new() { Weight = 0 } }, measured = steps with { Kl = new() { Weight = 1e-100 } };
        Assert.False(unmeasured.MeasuresFirst);
        Assert.True(measured.MeasuresFirst);
        var (left, right) = (await LearnAsync(unmeasured), await LearnAsync(measured));
        Assert.Equal(left.Metrics["reward"], right.Metrics["reward"]);
        Assert.Equal(left.Metrics["gradient_norm"], right.Metrics["gradient_norm"], 1e-4 * right.Metrics["gradient_norm"]);
        Assert.True(right.Metrics["gradient_norm"] > 0);
        Assert.All(left.Head.Zip(right.Head), w => Assert.Equal(w.First, w.Second, 1e-4f));
        Assert.False(left.Metrics.ContainsKey("approx_kl"));
        Assert.True(right.Metrics.ContainsKey("approx_kl"));

        async Task<(IReadOnlyDictionary<string, double> Metrics, float[] Head)> LearnAsync(TrainingConfig config)
        {
            var folder = NewFolder();
            using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"), CPU);
            var metrics = (await TrainAsync(folder, config, policy: policy))[0];
            Directory.Delete(folder, true);
            return (metrics, policy.Model.Parameters["model.norm.weight"].Floats());
        }
    }

    [Fact]
    public async Task References_alone_are_learned_from_where_no_episode_is_wanted()
    {
        var folder = NewFolder();
        var config = Smaller with
        {
            Updates = 12,
            References = 6,
            Experience = new OfflineExperience { Size = 0 },
            Objective = new ReinforceObjective(),
            Advantage = new BestSoFarAdvantage(),
            Kl = new() { Weight = 0 },
        };
        var metrics = await TrainAsync(folder, config);
        Assert.All(metrics, m => Assert.Equal(0, m["skipped_updates"]));
        Assert.All(metrics, m => Assert.True(m["gradient_norm"] > 0));
        Assert.True(metrics.TakeLast(4).Average(m => m["policy_loss"]) < metrics.Take(4).Average(m => m["policy_loss"]));
        Assert.All(metrics, m => Assert.False(m.ContainsKey("solve_rate")));
        Directory.Delete(folder, true);
    }

    // Every problem twice: in two updates, or in the two rounds that fill a buffer in the first.
    [Theory]
    [InlineData(2, 20)]
    [InlineData(1, 40)]
    public async Task A_program_is_kept_with_the_best_that_was_written_before_it(int updates, int capacity)
    {
        var folder = NewFolder();
        await TrainAsync(folder, Smaller with
        {
            Updates = updates,
            ProblemsPerUpdate = 20,
            TurnLimit = 1,
            Experience = new FifoBuffer { Capacity = capacity, Draw = 20 },
            Advantage = new BestSoFarAdvantage(),
            Objective = new ReinforceObjective(),
        });
        var memory = RunMemory.FromJson(File.ReadAllText(Path.Combine(folder, "checkpoints", $"00000{updates}", "memory.json")));
        Assert.Equal(capacity, memory.Buffer.Count);
        var second = memory.Buffer.TakeLast(20).ToList();
        Assert.All(second, s => Assert.Equal((2, Math.Max(s.BestBefore, s.TurnRewards.Sum())), (memory.Problems[s.Group].Played, memory.Problems[s.Group].Best)));
        Assert.Contains(second, s => s.BestBefore < s.TurnRewards.Sum());
        Assert.Contains(second, s => s.BestBefore != 0);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task A_schedule_reaches_its_end_with_the_run_and_is_not_stretched()
    {
        var folder = NewFolder();
        var config = Smaller with { WarmupSteps = 2, Updates = 2, LearningRate = 0.01, Schedule = LearningRateSchedule.Linear };
        // Two steps an update: the second update's last is the fourth, with half of the way behind it that follows the warm-up.
        Assert.Equal([0.01, 0.005], (await TrainAsync(folder, config)).Select(m => Math.Round(m["learning_rate"], 12)));
        await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(folder, config with { Updates = 3 }));
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task A_run_is_not_continued_with_another_policy_of_the_same_shape()
    {
        var folder = NewFolder();
        var config = Smaller with { Updates = 1, LoraRank = 2 };
        await TrainAsync(folder, config);
        using var other = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        using (no_grad())
            other.Model.Parameters["model.norm.weight"].Mul_(1.001);
        Assert.Contains("begun with policy ", (await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(folder, config with { Updates = 2 }, policy: other))).Message);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task The_first_epoch_starts_at_ratio_one_and_the_sampler_agrees_with_the_trainer()
    {
        var folder = NewFolder();
        var metrics = (await TrainAsync(folder, Small with { Updates = 1, Minibatches = 1 }))[0];
        Assert.InRange(metrics["ratio_max"], 1 - 1e-4, 1 + 1e-4);
        Assert.InRange(metrics["behaviour_gap"], 0, 1e-3);
        Assert.Equal(0, metrics["kl"], 6);
        Assert.Equal(0, metrics["masked_episodes"]);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task A_run_is_not_continued_with_another_configuration_nor_from_a_damaged_checkpoint()
    {
        var folder = NewFolder();
        await TrainAsync(folder, Small with { Updates = 1 });
        var other = await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(folder, Small with { LearningRate = 1 }));
        Assert.Contains(folder, other.Message);
        Assert.Contains("learning_rate 0.001 instead of 1", other.Message);
        var weights = Path.Combine(folder, "checkpoints", "000001", "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^100] ^= 1;
        File.WriteAllBytes(weights, bytes);
        var damaged = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(folder, Small with { Updates = 1 }));
        Assert.Contains("model.safetensors", damaged.Message);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task A_run_with_more_updates_behind_it_is_not_taken_for_a_shorter_one()
    {
        var folder = NewFolder();
        await TrainAsync(folder, Smaller with { Updates = 2 });
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(folder, Smaller with { Updates = 1 }));
        Assert.Contains($"{folder}: this run has 2 updates behind it, more than the 1", error.Message);
        Assert.Contains("\"updates\": 2", File.ReadAllText(Path.Combine(folder, "config.json")));
    }

    [Fact]
    public async Task A_problem_that_comes_twice_in_a_round_is_answered_anew()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        List<Episode> heard = [];
        var setup = new TrainingSetup(new ProblemSet("train", Laboratory.Nano("train").Take(2)), sandboxes.Judge(), new ChatFormat(policy.Files), DialogueWording.Nano, new RealFeedback(DialogueWording.Nano), new Listening(heard));
        using var trainer = new RlefTrainer(policy.Model, setup, Smaller with { Updates = 1, ProblemsPerUpdate = 8, SamplesPerProblem = 2 });
        await trainer.TrainAsync(new RunDirectory(NewFolder()), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(16, heard.Count);
        foreach (var problem in heard.GroupBy(e => e.Problem.Id))
        {
            Assert.Equal(Enumerable.Range(0, 8), problem.Select(e => e.Sample).Order());
            // More than the two answers that a pair of samples has; chance may repeat some.
            Assert.InRange(problem.Select(e => string.Join("\0", e.Turns.Select(t => t.Text))).Distinct().Count(), 3, 8);
        }
    }

    [Fact]
    public async Task References_without_an_episode_beside_them_leave_the_critic_alone()
    {
        var folder = NewFolder();
        await TrainAsync(folder, Smaller with { Updates = 1, ProblemsPerUpdate = 1, References = 6, Minibatches = 7 });
        Assert.Equal((7, 7, 1), Steps(folder));
    }

    [Fact]
    public async Task A_step_changes_only_what_it_has_something_for()
    {
        var folder = NewFolder();
        await TrainAsync(folder, Smaller with { Updates = 1, ProblemsPerUpdate = 4, References = 4, Minibatches = 2, AlternateReferences = true });
        // One step of references, one of episodes.
        Assert.Equal((2, 2, 1), Steps(folder));
        folder = NewFolder();
        await TrainAsync(folder, Smaller with { Updates = 1, ProblemsPerUpdate = 1, References = 4, Minibatches = 2, AlternateReferences = true, Kl = new() { Weight = 0 }, Advantage = new GrpoAdvantage() });
        // The one of a lone episode, which is compared with nothing, is none.
        Assert.Equal((2, 1, 0), Steps(folder));
    }

    static (long, long, long) Steps(string folder)
    {
        var counters = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "checkpoints", "000001", "counters.json")))!;
        return (counters["Steps"]!.GetValue<long>(), counters["PolicySteps"]!.GetValue<long>(), counters["ValueSteps"]!.GetValue<long>());
    }
}
