using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rlef.Policy;

/// <summary>Shape of a Llama-style decoder, written and read as a Hugging Face <c>config.json</c>.</summary>
public sealed record ModelConfig
{
    public string[] Architectures { get; init; } = ["LlamaForCausalLM"];
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
    public double RmsNormEps { get; init; } = 1e-5;
    public double RopeTheta { get; init; } = 10000;

    /// <summary>Whether the output head is the transposed embedding.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    [JsonIgnore] public int HeadSize => HiddenSize / NumAttentionHeads;

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

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <exception cref="InvalidDataException">The file is missing a field or holds one that does not fit.</exception>
    public static ModelConfig Load(string path)
    {
        try
        {
            var config = JsonSerializer.Deserialize<ModelConfig>(File.ReadAllText(path), Json)!;
            config.Validate(path);
            return config;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    void Validate(string path)
    {
        if (ModelType != "llama")
            throw new InvalidDataException($"{path}: model_type '{ModelType}' is not supported; Rlef reads 'llama'.");
        if (VocabSize <= 0 || HiddenSize <= 0 || IntermediateSize <= 0 || NumHiddenLayers <= 0 || MaxPositionEmbeddings <= 0)
            throw new InvalidDataException($"{path}: sizes must be positive.");
        if (NumAttentionHeads <= 0 || HiddenSize % NumAttentionHeads != 0 || HeadSize % 2 != 0)
            throw new InvalidDataException($"{path}: hidden_size {HiddenSize} does not divide into {NumAttentionHeads} heads of even size.");
        if (NumKeyValueHeads <= 0 || NumAttentionHeads % NumKeyValueHeads != 0)
            throw new InvalidDataException($"{path}: {NumAttentionHeads} heads cannot share {NumKeyValueHeads} key-value heads.");
    }
}
