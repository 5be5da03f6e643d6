using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>The models that are measured: the nano world's policy, one of 3.5 million parameters, and for those with patience one of 98 million and the shapes of SmolLM2's and Qwen 2.5's smallest.</summary>
static class ReferenceModels
{
    public static IReadOnlyDictionary<string, ModelConfig> All { get; } = new Dictionary<string, ModelConfig>
    {
        ["nano"] = ModelConfig.Nano(512),
        ["small"] = new()
        {
            VocabSize = 512, HiddenSize = 256, IntermediateSize = 704, NumHiddenLayers = 4, NumAttentionHeads = 4, NumKeyValueHeads = 4,
            MaxPositionEmbeddings = 512, TieWordEmbeddings = false,
        },
        ["large"] = new()
        {
            VocabSize = 16384, HiddenSize = 768, IntermediateSize = 2048, NumHiddenLayers = 12, NumAttentionHeads = 12, NumKeyValueHeads = 12,
            MaxPositionEmbeddings = 1024,
        },
        ["smollm2"] = new()
        {
            VocabSize = 49152, HiddenSize = 576, IntermediateSize = 1536, NumHiddenLayers = 30, NumAttentionHeads = 9, NumKeyValueHeads = 3,
            MaxPositionEmbeddings = 8192, RopeTheta = 1e5,
        },
        ["qwen05b"] = new()
        {
            ModelType = "qwen2", Architectures = ["Qwen2ForCausalLM"], VocabSize = 151936, HiddenSize = 896, IntermediateSize = 4864, NumHiddenLayers = 24,
            NumAttentionHeads = 14, NumKeyValueHeads = 2, MaxPositionEmbeddings = 8192, RopeTheta = 1e6, RmsNormEps = 1e-6,
        },
    };

    /// <summary>Those named, or the two small ones; a path is of a GGUF file.</summary>
    /// <exception cref="ArgumentException">There is no such model.</exception>
    public static IEnumerable<MeasuredModel> Select(string[] names) => names.Length == 0
        ? All.Take(2).Select(m => new MeasuredModel(m.Key, m.Value))
        : names.Select(name => All.TryGetValue(name, out var config) ? new(name, config)
            : File.Exists(name) ? MeasuredModel.OfFile(name)
            : throw new ArgumentException($"There is no model '{name}' to measure; there are {string.Join(", ", All.Keys)}, and files of GGUF by their path."));
}
