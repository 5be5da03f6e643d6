using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>The configuration of a GGUF file's model, as Hugging Face's <c>config.json</c> says it, and back.</summary>
static class GgufConfig
{
    // Those of Llama 3.1 and later; files hold the divisors that they lead to.
    const double LowFrequency = 1, HighFrequency = 4;
    const int OriginalPositions = 8192;
    const string AttentionFactor = "rope.scaling.attn_factor";

    static readonly Dictionary<string, string> Architectures = new()
    {
        ["llama"] = "LlamaForCausalLM", ["qwen2"] = "Qwen2ForCausalLM", ["qwen3"] = "Qwen3ForCausalLM", ["gpt2"] = "GPT2LMHeadModel",
    };

    /// <summary>The text of a <c>config.json</c>, with which the tokens that begin and end texts go.</summary>
    /// <exception cref="InvalidDataException">The model is one that Rlef cannot compute; the message names why.</exception>
    public static string ToJson(GgufFile file)
    {
        var type = file.Text("general.architecture") ?? throw new InvalidDataException($"{file.Path}: general.architecture is missing; the file holds no model.");
        if (!Architectures.TryGetValue(type, out var architecture))
            throw new InvalidDataException($"{file.Path}: models of architecture '{type}' are not supported; Rlef reads {string.Join(", ", Architectures.Keys)}.");
        if (file.Whole("split.count") is > 1 and var parts)
            throw new InvalidDataException($"{file.Path} is one of {parts} parts of a model; join them first: llama-gguf-split --merge.");
        if (file.Whole($"{type}.expert_count") > 0)
            throw new InvalidDataException($"{file.Path}: {type}.expert_count: mixtures of experts are not supported.");
        var positions = Size("context_length");
        if (file.Whole($"{type}.attention.sliding_window") is > 0 and var window && window < positions)
            throw new InvalidDataException($"{file.Path}: {type}.attention.sliding_window: sliding-window attention is not supported.");
        const string embedding = "token_embd.weight", output = "output.weight";
        if (!file.Entries.TryGetValue(embedding, out var rows))
            throw new InvalidDataException($"{file.Path}: tensor '{embedding}' is missing.");
        long hidden = Size("embedding_length"), heads = Size("attention.head_count"), kv = file.Whole($"{type}.attention.head_count_kv") ?? heads;
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture), ["model_type"] = type, ["vocab_size"] = rows.Shape[0], ["torch_dtype"] = "float32",
            ["tie_word_embeddings"] = !file.Entries.ContainsKey(output) || file.Same(output, embedding),
        };
        if (type == "gpt2")
            foreach (var (name, value) in ((string, JsonNode?)[])[("n_embd", hidden), ("n_inner", Size("feed_forward_length")), ("n_layer", Size("block_count")),
                ("n_head", heads), ("n_positions", positions), ("layer_norm_epsilon", Needed("attention.layer_norm_epsilon")), ("activation_function", "gelu_new")])
                config[name] = value;
        else
            foreach (var (name, value) in ((string, JsonNode?)[])[("hidden_size", hidden), ("intermediate_size", Size("feed_forward_length")),
                ("num_hidden_layers", Size("block_count")), ("num_attention_heads", heads), ("num_key_value_heads", kv), ("max_position_embeddings", positions),
                ("rms_norm_eps", Needed("attention.layer_norm_rms_epsilon")), ("rope_theta", file.Number($"{type}.rope.freq_base") ?? 10000), ("hidden_act", "silu"),
                ("head_dim", type == "qwen3" || HeadSize() * heads != hidden ? HeadSize() : null), ("attention_bias", file.Entries.ContainsKey("blk.0.attn_q.bias")),
                ("mlp_bias", file.Entries.ContainsKey("blk.0.ffn_gate.bias")),
                ("rope_scaling", Scaling())])
                config[name] = value;
        return config.ToJsonString(JsonText.Indented) + "\n";

        long Size(string name) => file.Whole($"{type}.{name}") ?? throw new InvalidDataException($"{file.Path}: {type}.{name} is missing.");

        double Needed(string name) => file.Number($"{type}.{name}") ?? throw new InvalidDataException($"{file.Path}: {type}.{name} is missing.");

        // As llama.cpp takes them where a file says nothing.
        long HeadSize()
        {
            var size = file.Whole($"{type}.attention.key_length") ?? (heads > 0 ? hidden / heads : 0);
            if (file.Whole($"{type}.rope.dimension_count") is { } turned && turned != size)
                throw new InvalidDataException($"{file.Path}: {type}.rope.dimension_count is {turned}, but a head's size is {size}: rotating part of a head is not supported.");
            return (file.Whole($"{type}.attention.value_length") ?? size) == size ? size
                : throw new InvalidDataException($"{file.Path}: heads whose keys and values differ in size are not supported.");
        }

        JsonObject? Scaling()
        {
            var factor = file.Number($"{type}.rope.scaling.factor") ?? file.Number($"{type}.rope.scale_linear") ?? 0;
            if (factor == 0)
                factor = 1;
            var name = file.Text($"{type}.rope.scaling.type") ?? "linear";
            if (name == "linear" && factor == 1)
                name = "none";
            var attention = file.Number($"{type}.{AttentionFactor}") ?? 1;
            if (attention != 1 && name != "yarn")
                throw new InvalidDataException($"{file.Path}: {type}.{AttentionFactor} {attention} beside scaling of type '{name}' is not supported; Rlef computes it with yarn.");
            if (file.Entries.TryGetValue(GgufNames.Frequencies, out var divisors))
                return name == "none" && divisors.Shape is [var pairs] && 2 * pairs == HeadSize() && pairs <= 65536 ? ByWavelength(file.Elements(GgufNames.Frequencies))
                    : throw new InvalidDataException($"{file.Path}: tensor '{GgufNames.Frequencies}' beside scaling of type '{name}' is not supported.");
            return name switch
            {
                "none" => null,
                "linear" => new() { ["rope_type"] = "linear", ["factor"] = factor },
                "yarn" => new()
                {
                    ["rope_type"] = "yarn", ["factor"] = factor, ["original_max_position_embeddings"] = Size("rope.scaling.original_context_length"),
                    ["attention_factor"] = attention * YarnAttention(factor),
                    ["beta_fast"] = file.Number($"{type}.rope.scaling.yarn_beta_fast"), ["beta_slow"] = file.Number($"{type}.rope.scaling.yarn_beta_slow"),
                },
                _ => throw new InvalidDataException($"{file.Path}: {type}.rope.scaling.type '{name}' is not supported; Rlef computes linear and yarn."),
            };
        }

        JsonObject? ByWavelength(float[] divisors)
        {
            var scaling = new RopeScaling
            {
                RopeType = "llama3", Factor = divisors.Max(), LowFreqFactor = LowFrequency, HighFreqFactor = HighFrequency, OriginalMaxPositionEmbeddings = OriginalPositions,
            };
            var expected = Divisors(scaling, file.Number($"{type}.rope.freq_base") ?? 10000, 2 * divisors.Length);
            return expected.Zip(divisors).All(p => Math.Abs(p.First - p.Second) <= 1e-4 * p.First)
                ? new()
                {
                    ["rope_type"] = "llama3", ["factor"] = scaling.Factor, ["low_freq_factor"] = LowFrequency, ["high_freq_factor"] = HighFrequency,
                    ["original_max_position_embeddings"] = OriginalPositions,
                }
                : throw new InvalidDataException($"{file.Path}: tensor '{GgufNames.Frequencies}' scales rotations otherwise than Llama 3.1, which is not supported.");
        }
    }

    /// <summary>The named values of a model.</summary>
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidDataException">llama.cpp cannot compute the model.</exception>
    public static void Write(ModelConfig c, GgufWriter writer, string source)
    {
        var type = c.ModelType;
        if (c.ExactGelu)
            throw Unlike("the exact gelu");
        if (type == "qwen3" && c.AttentionBias)
            throw Unlike("biases in its attention");
        if (type == "qwen2" && c.AttentionSize != c.HiddenSize)
            throw Unlike("heads whose size is not the hidden size divided by their number");
        if (c.RopeScaling is { RopeType: "yarn", Truncate: false })
            throw Unlike("a ramp of yarn that begins between pairs (truncate)");
        writer.Add("general.architecture", type);
        writer.Add("general.type", "model");
        writer.Add($"{type}.vocab_size", (uint)c.VocabSize);
        writer.Add($"{type}.context_length", (uint)c.MaxPositionEmbeddings);
        writer.Add($"{type}.embedding_length", (uint)c.HiddenSize);
        writer.Add($"{type}.block_count", (uint)c.NumHiddenLayers);
        writer.Add($"{type}.feed_forward_length", (uint)c.IntermediateSize);
        writer.Add($"{type}.attention.head_count", (uint)c.NumAttentionHeads);
        if (c.IsGpt2)
        {
            writer.Add($"{type}.attention.layer_norm_epsilon", (float)c.RmsNormEps);
            return;
        }
        writer.Add($"{type}.attention.head_count_kv", (uint)c.NumKeyValueHeads);
        writer.Add($"{type}.attention.layer_norm_rms_epsilon", (float)c.RmsNormEps);
        writer.Add($"{type}.attention.key_length", (uint)c.HeadSize);
        writer.Add($"{type}.attention.value_length", (uint)c.HeadSize);
        writer.Add($"{type}.rope.dimension_count", (uint)c.HeadSize);
        writer.Add($"{type}.rope.freq_base", (float)c.RopeTheta);
        if (c.RopeScaling is not { RopeType: not "llama3" } s)
            return;
        writer.Add($"{type}.rope.scaling.type", s.RopeType);
        writer.Add($"{type}.rope.scaling.factor", (float)s.Factor);
        if (s.RopeType != "yarn")
            return;
        writer.Add($"{type}.rope.scaling.original_context_length", (uint)s.OriginalMaxPositionEmbeddings!.Value);
        writer.Add($"{type}.rope.scaling.yarn_beta_fast", (float)(s.BetaFast ?? 32));
        writer.Add($"{type}.rope.scaling.yarn_beta_slow", (float)(s.BetaSlow ?? 1));
        if (s.AttentionFactor!.Value / YarnAttention(s.Factor) is var more && Math.Abs(more - 1) > 1e-6)
            writer.Add($"{type}.{AttentionFactor}", (float)more);

        InvalidDataException Unlike(string what) => new($"{source}: llama.cpp computes no {type} with {what}.");
    }

    // By what llama.cpp multiplies queries and keys of yarn of itself, as section 3.4 has it.
    static double YarnAttention(double factor) => factor <= 1 ? 1 : 0.1 * Math.Log(factor) + 1;

    /// <summary>What the rotary frequencies of Llama 3.1 are divided by, or null for other models.</summary>
    public static float[]? Divisors(ModelConfig config) => config.RopeScaling is { RopeType: "llama3" } scaling ? Divisors(scaling, config.RopeTheta, config.HeadSize) : null;

    static float[] Divisors(RopeScaling scaling, double theta, int size)
    {
        var config = ModelConfig.Nano(1) with { HeadDim = size, RopeTheta = theta };
        return [.. Rotary.Frequencies(config).Zip(Rotary.Frequencies(config with { RopeScaling = scaling }), (before, after) => before / after)];
    }
}
