using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>Shape of a decoder of the families Llama, Qwen 2, Qwen 3 or GPT-2, written and read as a Hugging Face <c>config.json</c>.</summary>
public sealed record ModelConfig
{
    public string[] Architectures { get; init; } = ["LlamaForCausalLM"];

    /// <summary><c>llama</c>, <c>qwen2</c>, <c>qwen3</c> or <c>gpt2</c>.</summary>
    public string ModelType { get; init; } = "llama";
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }

    /// <summary>Heads that keys and values have; each serves NumAttentionHeads / NumKeyValueHeads query heads.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>Longest sequence, in tokens.</summary>
    public required int MaxPositionEmbeddings { get; init; }

    /// <summary>Of RMSNorm, and of GPT-2's LayerNorm.</summary>
    public double RmsNormEps { get; init; } = 1e-5;
    public double RopeTheta { get; init; } = 10000;

    /// <summary>Whether the output head is the transposed embedding.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>Size of a head where it is not HiddenSize / NumAttentionHeads.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? HeadDim { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether the attention's projections have biases; Qwen 2's always have, but for the output.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool AttentionBias { get; init; }

    /// <summary>Whether the feed-forward's projections have biases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool MlpBias { get; init; }

    /// <summary>Whether GPT-2's feed-forward computes its activation by the error function instead of the usual approximation.</summary>
    [JsonIgnore] public bool ExactGelu { get; init; }

    [JsonIgnore] public int HeadSize => HeadDim ?? HiddenSize / NumAttentionHeads;

    /// <summary>Size of all query heads together.</summary>
    [JsonIgnore] public int AttentionSize => NumAttentionHeads * HeadSize;
    [JsonIgnore] internal bool QueryBias => AttentionBias || ModelType == "qwen2";
    [JsonIgnore] internal bool OutputBias => AttentionBias && ModelType != "qwen2";

    /// <summary>Whether queries and keys are normalized head by head.</summary>
    [JsonIgnore] internal bool QueryKeyNorm => ModelType == "qwen3";

    /// <summary>Whether positions are learned vectors instead of rotations, norms have biases, and the feed-forward has no gate.</summary>
    [JsonIgnore] internal bool IsGpt2 => ModelType == "gpt2";

    /// <summary>The nano world's policy: about a million parameters, trained in minutes on a laptop.</summary>
    public static ModelConfig Nano(int vocabSize) => new()
    {
        VocabSize = vocabSize,
        HiddenSize = 128,
        IntermediateSize = 352,
        NumHiddenLayers = 5,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        MaxPositionEmbeddings = 1024,
    };

    // Where a Qwen 3 does not say its head's size, readers take 128.
    public string ToJson() => (IsGpt2 ? ModelConfigReader.Gpt2Json(this) : JsonSerializer.Serialize(this with { HeadDim = QueryKeyNorm ? HeadSize : HeadDim }, SnakeJson.Indented)) + "\n";

    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidDataException">A field is missing or does not fit; the message names it.</exception>
    internal static ModelConfig Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new ModelConfigReader(document.RootElement).Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or InvalidDataException)
        {
            throw new InvalidDataException($"{source}: {e.OneLine()}", e);
        }
    }
}
