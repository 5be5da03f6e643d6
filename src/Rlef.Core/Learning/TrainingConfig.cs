using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rlef.Storage;

namespace Rlef.Learning;

/// <summary>Everything that decides a training run, apart from the policy it starts from and the problems.</summary>
public sealed record TrainingConfig
{
    /// <summary>Keys every random draw of the run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Rounds of collecting episodes and learning from them.</summary>
    public int Updates { get; init; } = 40;

    /// <summary>Problems drawn for an update, without replacement until all have been seen.</summary>
    public int ProblemsPerUpdate { get; init; } = 64;

    /// <summary>Episodes for each of them.</summary>
    public int SamplesPerProblem { get; init; } = 1;

    /// <summary>Optimizer steps an update; the episodes are split among them.</summary>
    public int Minibatches { get; init; } = 4;

    /// <summary>Passes over an update's episodes.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Most responses in an episode.</summary>
    public int TurnLimit { get; init; } = 3;

    /// <summary>
    /// Sampling temperature of rollouts. Log-probabilities of policy, reference and rollouts are all those at this temperature, so that the ratio compares
    /// what was sampled.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Longest response in tokens.</summary>
    public int MaxResponseTokens { get; init; } = 128;

    /// <summary>Longest dialogue in tokens.</summary>
    public int MaxDialogueTokens { get; init; } = 768;

    /// <summary>β: weight of the KL penalty in the reward, on the length-normalised log-ratio (RLEF section 2.2).</summary>
    public double KlWeight { get; init; } = 0.05;

    public AdvantageLevel AdvantageLevel { get; init; } = AdvantageLevel.Turn;
    public ValueTrunk ValueTrunk { get; init; } = ValueTrunk.Separate;

    /// <summary>ε of the clipped policy loss.</summary>
    public double PolicyClip { get; init; } = 0.2;

    /// <summary>α of the clipped value loss.</summary>
    public double ValueClip { get; init; } = 0.2;

    public double LearningRate { get; init; } = 2e-7;
    public double ValueLearningRate { get; init; } = 2e-7;
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Optimizer steps over which the learning rates rise.</summary>
    public int WarmupSteps { get; init; } = 50;

    /// <summary>How the learning rates go on from there; linear and cosine reach 0 at the end of the run.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Optimizer steps of the whole run.</summary>
    [JsonIgnore] public long TotalSteps => (long)Updates * Epochs * Minibatches;

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

    /// <summary>The same algorithm for a policy of a million parameters on two processor cores.</summary>
    public static TrainingConfig Nano { get; } = new()
    {
        Updates = 60,
        ProblemsPerUpdate = 128,
        ValueTrunk = ValueTrunk.Shared,
        LearningRate = 3e-4,
        ValueLearningRate = 5e-3,
        WeightDecay = 0.01,
        WarmupSteps = 8,
        MicrobatchTokens = 2048,
    };

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    internal static JsonNode? Serialise<T>(T value) => JsonSerializer.SerializeToNode(value, Json);

    /// <summary>
    /// These settings with those of a JSON file in their place, such as a run's <c>config.json</c> or a few of its lines. What a recipe holds besides
    /// (<see cref="Recipe.Foundations"/>) is passed over.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is no JSON object, or names a setting that does not exist or cannot have that value.</exception>
    public TrainingConfig With(string path)
    {
        try
        {
            var settings = JsonNode.Parse(ToJson())!.AsObject();
            foreach (var (name, value) in (JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("a JSON object of settings is expected."))
                .Where(setting => !Recipe.Foundations.Contains(setting.Key)))
                settings[name] = settings.ContainsKey(name) ? value?.DeepClone() : throw new JsonException($"there is no setting '{name}'.");
            var config = settings.Deserialize<TrainingConfig>(Json)!;
            config.Check();
            return config;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: {e.OneLine()} The settings and their names are those of any run's config.json.", e);
        }
    }

    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public void Check()
    {
        if (Temperature == 0)
            throw new ArgumentException("The setting temperature must be above 0 in training: what is always said cannot become more likely.");
        foreach (var (name, value, least) in (ReadOnlySpan<(string, double, double)>)
        [
            (nameof(Updates), Updates, 1), (nameof(ProblemsPerUpdate), ProblemsPerUpdate, 1), (nameof(SamplesPerProblem), SamplesPerProblem, 1),
            (nameof(Minibatches), Minibatches, 1), (nameof(Epochs), Epochs, 1), (nameof(TurnLimit), TurnLimit, 1), (nameof(Temperature), Temperature, 0),
            (nameof(MaxResponseTokens), MaxResponseTokens, 1), (nameof(MaxDialogueTokens), MaxDialogueTokens, 1), (nameof(KlWeight), KlWeight, 0),
            (nameof(PolicyClip), PolicyClip, 0), (nameof(ValueClip), ValueClip, 0), (nameof(LearningRate), LearningRate, 0),
            (nameof(ValueLearningRate), ValueLearningRate, 0), (nameof(WeightDecay), WeightDecay, 0), (nameof(WarmupSteps), WarmupSteps, 0),
            (nameof(MaxGradientNorm), MaxGradientNorm, 0), (nameof(MicrobatchTokens), MicrobatchTokens, 1), (nameof(LoraRank), LoraRank, 0), (nameof(LoraAlpha), LoraAlpha, 0),
        ])
            if (!(value >= least && double.IsFinite(value)))
                throw new ArgumentException($"The setting {JsonNamingPolicy.SnakeCaseLower.ConvertName(name)} must be at least {least}, not {value}.");
    }
}
