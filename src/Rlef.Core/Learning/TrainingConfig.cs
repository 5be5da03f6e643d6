using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rlef.Advantages;
using Rlef.Critics;
using Rlef.Curricula;
using Rlef.Experience;
using Rlef.Objectives;
using Rlef.Policy;
using Rlef.Rewards;
using Rlef.Storage;

namespace Rlef.Learning;

/// <summary>Everything that decides a training run, apart from the policy it starts from and the problems.</summary>
public sealed record TrainingConfig
{
    /// <summary>Keys every random draw of the run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Rounds of collecting episodes and learning from them.</summary>
    public int Updates { get; init; } = 40;

    /// <summary>Problems drawn for a round, of which an update plays one, or what its experience asks for; without replacement until all have been seen.</summary>
    public int ProblemsPerUpdate { get; init; } = 64;

    /// <summary>Episodes for each of them.</summary>
    public int SamplesPerProblem { get; init; } = 1;

    /// <summary>Optimizer steps an update; the episodes are split among them.</summary>
    public int Minibatches { get; init; } = 4;

    /// <summary>Passes over an update's episodes.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Most responses of the policy in an episode; those that it is given do not count.</summary>
    public int TurnLimit { get; init; } = 3;

    /// <summary>
    /// Sampling temperature of rollouts. Log-probabilities of policy, reference and rollouts are all those at this temperature, so that the ratio compares
    /// what was sampled.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Longest response in tokens.</summary>
    public int MaxResponseTokens { get; init; } = 128;

    /// <summary>How policies answer where they are scored, and where programs are played whose feedback others are told.</summary>
    [JsonIgnore] public Sampling EvaluationSampling => Sampling.Nano with { MaxTokens = MaxResponseTokens };

    /// <summary>Longest dialogue in tokens.</summary>
    public int MaxDialogueTokens { get; init; } = 768;

    /// <summary>Reference programs that are imitated in each update beside the episodes (<see cref="Imitation"/>).</summary>
    public int References { get; init; }

    /// <summary>Whether optimizer steps learn from references and from episodes by turns, references first (RLTF, arXiv 2307.04349, section 3.2), instead of each from both.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool AlternateReferences { get; init; }

    public ICurriculum Curriculum { get; init; } = new ShuffledProblems();
    public IExperience Experience { get; init; } = new OnPolicy();
    public KlPenalty Kl { get; init; } = new();
    public IAdvantage Advantage { get; init; } = new TurnAdvantage();
    public CriticOptions Critic { get; init; } = new();
    public IObjective Objective { get; init; } = new PpoObjective();
    public Aggregation Aggregation { get; init; } = Aggregation.TokenMean;

    /// <summary>Learning from what the policy says once it has been told what its answer led to; null for none.</summary>
    public SelfDistillation? Distillation { get; init; }

    /// <summary>Weight of the mean entropy of the next-token distribution, which is rewarded.</summary>
    public double EntropyWeight { get; init; }

    public double LearningRate { get; init; } = 2e-7;
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Optimizer steps over which the learning rates rise.</summary>
    public int WarmupSteps { get; init; } = 50;

    /// <summary>How the learning rates go on from there; linear and cosine reach 0 at the end of the run.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Optimizer steps of the whole run.</summary>
    [JsonIgnore] public long TotalSteps => (long)Updates * Epochs * Minibatches;

    /// <summary>Whether a step of the policy asks what it said before the update.</summary>
    [JsonIgnore] public bool ReadsOld => Objective.ReadsOld || Distillation is not null;

    /// <summary>Whether the advantage reads values, so that a critic learns beside the policy.</summary>
    [JsonIgnore] public bool HasCritic => Advantage.Sites != ValueSites.None;

    /// <summary>
    /// Whether learning needs to know beforehand what policy, reference and critic say of the episodes. A single step that pays for no KL begins where the policy
    /// is, so that its own pass tells, and some objectives never ask; the rest is then for the metrics.
    /// </summary>
    [JsonIgnore] public bool MeasuresFirst => ReadsOld && Epochs * Minibatches > 1 || Kl.Weight > 0 || HasCritic;

    /// <summary>Gradients are scaled down to this global norm.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Type of the weights that are computed with.</summary>
    public WeightType Dtype { get; init; } = WeightType.Float32;

    /// <summary>
    /// Whether blocks and logits are computed again in the backward pass instead of being kept: less memory, about a third more time, the same gradients.
    /// </summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Rank of the low-rank adapters that are learned instead of the weights (Hu et al. 2021); 0 learns the weights themselves.</summary>
    public int LoraRank { get; init; }

    /// <summary>α of the adapters: their product counts α / rank times.</summary>
    public double LoraAlpha { get; init; } = 16;

    /// <summary>Tokens that go through the network at once; bounds memory, changes no result beyond rounding.</summary>
    public int MicrobatchTokens { get; init; } = 8192;

    /// <summary>The paper's hyperparameters (RLEF appendix A.1): 1,024 rollouts, four steps of 256, AdamW at 2e-7, constant after 50 steps, β 0.05.</summary>
    public static TrainingConfig Paper { get; } = new()
    {
        Updates = 12_000 / 4,
        ProblemsPerUpdate = 1024,
        MaxResponseTokens = 2048,
        MaxDialogueTokens = 8192,
    };

    /// <summary>
    /// The same algorithm for a policy of a million parameters on two processor cores, but for the critic, a small network on the policy's hidden states that sends no
    /// gradient back instead of a network of its own, and the KL penalty: k3 of each token in the loss, which reaches every token alike. In one run from
    /// <c>base</c> single programs fell further with the paper's penalty in the reward, as they did at twice the rate
    /// (docs/experiments.md).
    /// </summary>
    public static TrainingConfig Nano { get; } = new()
    {
        Updates = 60,
        ProblemsPerUpdate = 128,
        Kl = new() { In = KlPenalty.Place.Loss, By = KlPenalty.Estimator.K3, Weight = 0.2 },
        Critic = new() { Trunk = ValueTrunk.Shared, LearningRate = 5e-3 },
        LearningRate = 1.5e-4,
        WeightDecay = 0.01,
        WarmupSteps = 8,
        MicrobatchTokens = 2048,
    };

    /// <summary>
    /// For the micro world, whose programs and dialogues are longer, and where larger steps on fewer dialogues make programs stop compiling
    /// (docs/experiments.md).
    /// </summary>
    public static TrainingConfig Micro { get; } = Nano with
    {
        Updates = 40,
        ProblemsPerUpdate = 256,
        MaxResponseTokens = 224,
        MaxDialogueTokens = 1000,
        LearningRate = 1e-4,
        Schedule = LearningRateSchedule.Linear,
    };

    /// <summary>
    /// RLTF (arXiv 2307.04349) at the same scale: single turns, a FIFO buffer, rewards relative to the best program so far, sums over tokens, and as many
    /// references as programs. Its 6,400 kept samples and 50 steps between refreshes are for models a thousand times larger, and so is its rate of 2e-6; at ten
    /// times this one policies of a million parameters come apart (docs/experiments.md).
    /// </summary>
    public static TrainingConfig Rltf { get; } = Nano with
    {
        TurnLimit = 1,
        LearningRate = 3e-5,
        References = 128,
        Experience = new FifoBuffer(),
        Kl = new() { Weight = 0 },
        Advantage = new BestSoFarAdvantage(),
        Objective = new ReinforceObjective(),
        Aggregation = Aggregation.Sum,
    };

    /// <summary>RLEF for a chat model of a hundred million parameters and more: low-rank adapters, small steps, blocks computed again to save memory.</summary>
    public static TrainingConfig Chat { get; } = new()
    {
        Updates = 40,
        ProblemsPerUpdate = 16,
        SamplesPerProblem = 4,
        MaxResponseTokens = 512,
        MaxDialogueTokens = 4096,
        Critic = new() { Trunk = ValueTrunk.Shared, LearningRate = 1e-3 },
        LearningRate = 2e-5,
        WeightDecay = 0,
        WarmupSteps = 8,
        LoraRank = 16,
        GradientCheckpointing = true,
        MicrobatchTokens = 4096,
    };

    /// <summary>Starting points by name.</summary>
    public static IReadOnlyDictionary<string, TrainingConfig> Presets { get; } = new Dictionary<string, TrainingConfig>
    {
        ["nano"] = Nano, ["micro"] = Micro,
        ["rltf"] = Rltf, ["chat"] = Chat, ["paper"] = Paper,
    };

    /// <summary>As recipes hold them.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RecipeJson.Options) + "\n";

    /// <inheritdoc cref="RecipeJson.With"/>
    public TrainingConfig With(JsonObject others) => RecipeJson.With(this, others);

    /// <exception cref="ArgumentException">The reward does not go with the turn limit or the advantage.</exception>
    public void CheckReward(IReward reward)
    {
        reward.CheckTurns(TurnLimit);
        Advantage.CheckReward(reward.Name, reward.WeighsTokens);
    }

    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public void Check()
    {
        if (Temperature == 0)
            throw new ArgumentException("The setting temperature must be above 0 in training: what is always said cannot become more likely.");
        if (Kl.Target is not null && Experience.Played is not null)
            throw new ArgumentException("The setting kl.target steers by what the policy says now, and this experience was all played before: " +
                "leave it out, or play on (experience=on-policy or fifo).");
        if (AlternateReferences && (References == 0 || Minibatches % 2 != 0))
            throw new ArgumentException("With the setting alternate_references steps learn from references and from episodes by turns: " +
                $"references must be above 0, not {References}, and minibatches even, not {Minibatches}.");
        Setting.Above("max_gradient_norm", MaxGradientNorm, 0);
        if (LoraRank > 0)
            Setting.Above("lora_alpha", LoraAlpha, 0);
        Kl.Check();
        Curriculum.Check();
        Experience.Check();
        Advantage.Check();
        Objective.Check();
        Distillation?.Check();
        if (Distillation is { Solutions: true } && SamplesPerProblem == 1)
            throw new ArgumentException("With the setting distillation.solutions the teacher sees what another dialogue about the problem ended with: samples_per_problem must be above 1.");
        if (Distillation is not null && Objective.TopP < 1)
            throw new ArgumentException($"With the setting objective.top_p {Objective.TopP} programs are drawn otherwise than the policy would write them, " +
                "and distillation compares with what it would: leave one of them out.");
        foreach (var (name, value, least) in (ReadOnlySpan<(string, double, double)>)
        [
            (nameof(Updates), Updates, 1), (nameof(ProblemsPerUpdate), ProblemsPerUpdate, 1), (nameof(SamplesPerProblem), SamplesPerProblem, 1),
            (nameof(Minibatches), Minibatches, 1), (nameof(Epochs), Epochs, 1), (nameof(TurnLimit), TurnLimit, 1), (nameof(Temperature), Temperature, 0),
            (nameof(MaxResponseTokens), MaxResponseTokens, 1), (nameof(MaxDialogueTokens), MaxDialogueTokens, 1), ("kl.weight", Kl.Weight, 0),
            ("critic.clip", Critic.Clip, 0), ("critic.learning_rate", Critic.LearningRate, 0), (nameof(EntropyWeight), EntropyWeight, 0),
            (nameof(References), References, 0), (nameof(LearningRate), LearningRate, 0), (nameof(WeightDecay), WeightDecay, 0), (nameof(WarmupSteps), WarmupSteps, 0),
            (nameof(MicrobatchTokens), MicrobatchTokens, 1), (nameof(LoraRank), LoraRank, 0), (nameof(LoraAlpha), LoraAlpha, 0),
        ])
            Setting.AtLeast(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value, least);
    }
}
