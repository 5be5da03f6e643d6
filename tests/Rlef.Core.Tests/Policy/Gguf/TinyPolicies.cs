using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Small models of every family with random weights and a tokenizer that llama.cpp has too.</summary>
static class TinyPolicies
{
    public const string Template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

    public static readonly string[] Families = ["llama", "qwen2", "qwen3", "gpt2"];

    static readonly string[] Special = ["<|end|>", "<|user|>", "<|assistant|>"];

    public static string Tokenizer { get; } = MakeTokenizer();

    static string MakeTokenizer()
    {
        var (vocabulary, merges) = BpeTrainer.Train(["the policy reads what the tests say", "  def add(a, b):\n    return a + b\n"], 300, TokenizerReader.Gpt2Pattern);
        return TokenizerFile.ToJson(vocabulary, merges, Special, TokenizerReader.Gpt2Pattern);
    }

    /// <summary>Rows of the embedding beyond the tokens, heads of a size of their own, fewer key-value heads than heads.</summary>
    public static ModelConfig Config(string family) => ModelConfig.Nano(320) with
    {
        ModelType = family,
        Architectures = [family == "gpt2" ? "GPT2LMHeadModel" : family == "llama" ? "LlamaForCausalLM" : family == "qwen2" ? "Qwen2ForCausalLM" : "Qwen3ForCausalLM"],
        HiddenSize = 64,
        IntermediateSize = 96,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = family == "gpt2" ? 4 : 2,
        HeadDim = family is "llama" or "qwen3" ? 24 : null,
        MaxPositionEmbeddings = 128,
        RmsNormEps = 1e-5,
        RopeTheta = 50000,
        TieWordEmbeddings = family != "qwen2",
    };

    /// <summary>Biases and norms are random too.</summary>
    public static PolicyCheckpoint Create(ModelConfig config)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var model = new Transformer(config, CPU);
        foreach (var parameter in model.Parameters.Values.Where(p => p.shape.Length == 1))
            parameter.Add_(randn(parameter.shape).Mul(0.1));
        return new(model, Tokenizer, Template);
    }

    public static void Save(string path, string family, StoredType type)
    {
        using var policy = Create(Config(family));
        GgufPolicy.Save(policy, path, type);
    }
}
