using System.Text.Json.Nodes;
using Rlef.Advantages;
using Rlef.Experience;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Core.Tests.Experiments;

[Collection(nameof(Alone))]
public sealed class TrainingPlanTests
{
    static readonly ModelConfig Small = ModelConfig.Nano(500);

    static async Task<TrainingPlan> PlanAsync(TrainingConfig config, int problems = 40)
    {
        await using var laboratory = await Laboratory.OpenAsync(cancellation: TestContext.Current.CancellationToken);
        using var policy = laboratory.LoadBase();
        return TrainingPlan.Of(laboratory, policy.Model, "a policy", config, new ProblemSet("few", Laboratory.Nano("train").Take(problems)), "real", "rlef");
    }

    [Fact]
    public async Task It_says_what_is_learned_from_what()
    {
        var text = (await PlanAsync(TrainingConfig.Nano with { Updates = 10, ProblemsPerUpdate = 8, SamplesPerProblem = 2, MaxResponseTokens = 50 })).ToString();
        Assert.Contains("a policy, 1,015,936 parameters", text);
        Assert.Contains("few, 40;", text);
        Assert.Contains("at most 2,400 tokens generated", text);
        Assert.Contains("each problem 2 times", text);
    }

    [Fact]
    public async Task What_has_no_room_is_warned_of()
    {
        var plan = await PlanAsync(TrainingConfig.Nano with { MaxDialogueTokens = 140, MaxResponseTokens = 120 });
        Assert.NotEmpty(plan.TooLong);
        Assert.Contains("--max-dialogue-tokens", Assert.Single(plan.Warnings));
        Assert.Contains("more memory", Assert.Single((await PlanAsync(TrainingConfig.Nano with { MicrobatchTokens = 100_000_000 })).Warnings));
    }

    [Theory]
    [InlineData("{\"advantage\": \"grpo\"}", "samples_per_problem")]
    [InlineData("{\"kl.by\": \"k1\"}", "kl.by=k3")]
    public async Task What_would_teach_or_hold_nothing_is_warned_of(string settings, string remedy) =>
        Assert.Contains(remedy, Assert.Single((await PlanAsync(TrainingConfig.Nano.With((JsonObject)JsonNode.Parse(settings)!))).Warnings));

    [Fact]
    public async Task A_layer_that_the_critic_cannot_read_is_refused_where_there_is_a_critic()
    {
        var config = TrainingConfig.Nano.With(new JsonObject { ["critic.layer"] = 6 });
        Assert.Contains("cannot read after layer 6", (await Assert.ThrowsAsync<ArgumentException>(() => PlanAsync(config))).Message);
        Assert.NotNull(await PlanAsync(config with { Advantage = new RlooAdvantage(), SamplesPerProblem = 2 }));
    }

    [Fact]
    public async Task Its_probe_is_a_whole_update_of_a_small_policy_and_a_part_of_a_large_one()
    {
        var plan = await PlanAsync(TrainingConfig.Nano);
        Assert.Equal((128, 1, 128, 1), (plan.Probe.ProblemsPerUpdate, plan.Probe.SamplesPerProblem, plan.Probe.MaxResponseTokens, plan.Probe.TurnLimit));
        var large = (plan with { Parameters = 500_000_000, Config = TrainingConfig.Chat }).Probe;
        Assert.Equal((16, 1), (large.ProblemsPerUpdate, large.SamplesPerProblem));
        Assert.InRange(large.MaxResponseTokens, 16, 64);
        (plan with { Parameters = 500_000_000, Config = TrainingConfig.Chat with { Distillation = new() { Solutions = true } } }).Probe.Check();
        var speeds = new Dictionary<string, double> { ["generation_tokens_per_second"] = 49_152, ["learning_tokens_per_second"] = 1e9 };
        Assert.InRange(plan.Times(speeds)!.Value.Update.TotalSeconds, 1, 1.1);
        Assert.InRange(plan.Times(speeds)!.Value.Run.TotalSeconds, 60, 66);
        // As long again for what is measured first.
        var (learned, measured) = (speeds.ToDictionary(), speeds.Append(new("measuring_seconds", 3)).Append(new("learning_seconds", 3)).ToDictionary());
        (learned["learning_tokens_per_second"], measured["learning_tokens_per_second"]) = (50_000, 100_000);
        Assert.Equal(plan.Times(learned)!.Value.Update.TotalSeconds, plan.Times(measured)!.Value.Update.TotalSeconds, 3);
        // What is played once is no part of an update.
        var offline = (plan with { Config = TrainingConfig.Nano with { Experience = new OfflineExperience() } }).Times(speeds)!.Value;
        Assert.InRange(offline.Run.TotalSeconds, 16, 16.1);
        Assert.InRange(offline.Update.TotalSeconds, 0, 0.1);
    }

    [Fact]
    public async Task What_is_played_once_drawn_from_a_buffer_or_imitated_is_counted()
    {
        var config = TrainingConfig.Nano with { Updates = 10, ProblemsPerUpdate = 8, MaxResponseTokens = 50 };
        var plan = await PlanAsync(config);
        var prompts = plan.Prompts.Average();
        Assert.Contains("before which 2,048 dialogues are played, of at most 307,200 tokens generated", (plan with { Config = config with { Experience = new OfflineExperience() } }).ToString());
        Assert.Contains($"{(long)(128 * (150 + prompts)):N0} tokens learned from", (plan with { Config = config with { Experience = new FifoBuffer() } }).ToString());
        // 128 rounds of 8 fill the buffer of 1,024, and nine more follow.
        Assert.Contains("10 updates, the first of which plays 128 rounds: each problem 27.4 times", (plan with { Config = config with { Experience = new FifoBuffer() } }).ToString());
        Assert.Contains($"{(long)(8 * (150 + prompts) + 4 * (50 + prompts)):N0} tokens learned from", (plan with { Config = config with { References = 4 } }).ToString());
    }

    [Fact]
    public void Chat_limits_fit_the_model_s_context_and_the_machine_s_memory()
    {
        Assert.Equal(1024, MemoryEstimate.Fit(TrainingConfig.Chat, Small, null).MaxDialogueTokens);
        Assert.Equal(341, MemoryEstimate.Fit(TrainingConfig.Chat, Small, null).MaxResponseTokens);
        var long_ = Small with { MaxPositionEmbeddings = 100_000 };
        Assert.Equal(4096, MemoryEstimate.Fit(TrainingConfig.Chat, long_, 64L << 30).MaxDialogueTokens);
        // 5 layers × 2 heads × 32 × 2 × 4 bytes = 2,560 a token, times 64 dialogues: a third of a gigabyte holds 2,048.
        Assert.Equal(2048, MemoryEstimate.Fit(TrainingConfig.Chat, long_, 3L * 2560 * 64 * 2100).MaxDialogueTokens);
        Assert.Equal(1024, MemoryEstimate.Fit(TrainingConfig.Chat, long_, 1 << 20).MaxDialogueTokens);
        Assert.Equal(512, MemoryEstimate.Fit(TrainingConfig.Chat, long_, 64L << 30).MaxResponseTokens);
    }
}
