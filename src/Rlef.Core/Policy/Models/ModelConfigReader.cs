using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>Reads a <c>config.json</c> with the defaults of its family, and refuses by name what the policy cannot compute.</summary>
sealed class ModelConfigReader(JsonElement root)
{
    const int MaxSize = 1 << 22, MaxLayers = 1024, MaxPositions = 1 << 24;

    public ModelConfig Read()
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("the configuration is not a JSON object.");
        if (Has("quantization_config"))
            throw new InvalidDataException("quantization_config: quantized weights are not supported; use the checkpoint in bfloat16, float16 or float32.");
        var type = Text(root, "model_type") ?? throw new InvalidDataException("model_type is missing.");
        var config = type switch
        {
            "llama" or "qwen2" or "qwen3" => ReadLlama(type),
            "gpt2" => ReadGpt2(),
            _ => throw new InvalidDataException($"model_type '{type}' is not supported; Rlef reads llama, qwen2, qwen3 and gpt2."),
        };
        Validate(config);
        return config;
    }

    ModelConfig ReadLlama(string type)
    {
        // Of attention that forgets what is far back.
        if (Flag("use_sliding_window") || type == "llama" && Number(root, "sliding_window") is not null
            || root.TryGetProperty("layer_types", out var layers) && layers.ValueKind == JsonValueKind.Array
                && layers.EnumerateArray().Any(l => l.GetString() != "full_attention"))
            throw new InvalidDataException("sliding-window attention is not supported; use a checkpoint with full attention.");
        if (Text(root, "hidden_act") is { } act and not ("silu" or "swish"))
            throw new InvalidDataException($"hidden_act '{act}' is not supported; Rlef computes silu.");
        if (Number(root, "pretraining_tp") > 1)
            throw new InvalidDataException("pretraining_tp above 1 is not supported.");
        var heads = Size("num_attention_heads");
        var (theta, scaling) = ReadRope();
        return new()
        {
            Architectures = Architectures(type switch { "qwen2" => "Qwen2ForCausalLM", "qwen3" => "Qwen3ForCausalLM", _ => "LlamaForCausalLM" }),
            ModelType = type,
            VocabSize = Size("vocab_size"),
            HiddenSize = Size("hidden_size"),
            IntermediateSize = Size("intermediate_size"),
            NumHiddenLayers = Size("num_hidden_layers"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = Size("num_key_value_heads", heads),
            MaxPositionEmbeddings = Size("max_position_embeddings", type == "llama" ? 2048 : 32768),
            RmsNormEps = Number(root, "rms_norm_eps") ?? 1e-6,
            RopeTheta = theta,
            RopeScaling = scaling,
            TieWordEmbeddings = Flag("tie_word_embeddings"),
            HeadDim = Has("head_dim") ? Size("head_dim") : type == "qwen3" ? 128 : null,
            AttentionBias = type != "qwen2" && Flag("attention_bias"),
            MlpBias = type == "llama" && Flag("mlp_bias"),
        };
    }

    // Older files keep the base apart from the scaling, newer ones all of it in rope_parameters.
    (double Theta, RopeScaling? Scaling) ReadRope()
    {
        var theta = Number(root, "rope_theta") ?? 10000;
        if (Filled("rope_scaling") is not { } name && (name = Filled("rope_parameters")) is null)
            return (theta, null);
        var rope = root.GetProperty(name);
        if (rope.EnumerateObject().FirstOrDefault(p => p.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) is { Value.ValueKind: not JsonValueKind.Undefined } inner)
            throw new InvalidDataException($"{name}.{inner.Name}: rotations that differ from layer to layer or pair to pair are not supported.");
        if ((Number(rope, "partial_rotary_factor") ?? Number(root, "partial_rotary_factor") ?? 1) != 1)
            throw new InvalidDataException("partial_rotary_factor: rotating part of a head is not supported.");
        return (Number(rope, "rope_theta") ?? theta, (Text(rope, "rope_type") ?? Text(rope, "type")) switch
        {
            // Dynamic scaling begins beyond max_position_embeddings, which no sequence exceeds here.
            null or "default" or "dynamic" => null,
            "linear" => new() { RopeType = "linear", Factor = Needed("factor") },
            "llama3" => new()
            {
                RopeType = "llama3",
                Factor = Needed("factor"),
                LowFreqFactor = Needed("low_freq_factor"),
                HighFreqFactor = Needed("high_freq_factor"),
                OriginalMaxPositionEmbeddings = Original(),
            },
            "yarn" => Yarn(),
            var type => throw new InvalidDataException($"{name} of type '{type}' is not supported; Rlef computes default, linear, dynamic, llama3 and yarn."),
        });

        // As in Hugging Face's models: what the model says of itself comes first, and all its positions are the last resort.
        int Original() => (int)Math.Clamp(Number(root, "original_max_position_embeddings") ?? Number(rope, "original_max_position_embeddings")
            ?? Number(root, "max_position_embeddings") ?? throw new InvalidDataException($"{name} needs original_max_position_embeddings."), 0, MaxPositions);

        RopeScaling Yarn()
        {
            var factor = Needed("factor");
            double? one = Number(rope, "mscale"), all = Number(rope, "mscale_all_dim");
            return new()
            {
                RopeType = "yarn",
                Factor = factor,
                OriginalMaxPositionEmbeddings = Original(),
                // Section 3.4, and DeepSeek's two factors in its place.
                AttentionFactor = Number(rope, "attention_factor") ?? (one is > 0 && all is > 0 ? Temperature(one.Value) / Temperature(all.Value) : Temperature(1)),
                BetaFast = Number(rope, "beta_fast"),
                BetaSlow = Number(rope, "beta_slow"),
                Truncate = Flag(rope, "truncate"),
            };

            double Temperature(double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
        }

        double Needed(string field) => Number(rope, field) ?? throw new InvalidDataException($"{name} needs {field}.");
    }

    // The name of an object that has something in it, or null.
    string? Filled(string name) => !Has(name) ? null
        : root.GetProperty(name) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject().Any() ? name : null
        : throw new InvalidDataException($"{name} must be an object, not {root.GetProperty(name)}.");

    ModelConfig ReadGpt2()
    {
        var activation = Text(root, "activation_function") ?? "gelu_new";
        // Names of one approximation, in the order of its computation, and of the function itself.
        if (activation is not ("gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" or "gelu" or "gelu_python"))
            throw new InvalidDataException($"activation_function '{activation}' is not supported; Rlef computes gelu_new, gelu_fast, gelu_pytorch_tanh and gelu.");
        foreach (var (field, usual) in ((string, bool)[])[("scale_attn_by_inverse_layer_idx", false), ("reorder_and_upcast_attn", false), ("scale_attn_weights", true), ("add_cross_attention", false)])
            if (Flag(root, field) is { } flag && flag != usual)
                throw new InvalidDataException($"{field}: a GPT-2 with attention of another kind is not supported.");
        var (hidden, heads) = (Size("n_embd"), Size("n_head"));
        return new()
        {
            Architectures = Architectures("GPT2LMHeadModel"),
            ModelType = "gpt2",
            VocabSize = Size("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = Size("n_inner", Math.Min(4 * hidden, MaxSize)),
            NumHiddenLayers = Size("n_layer"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = heads,
            MaxPositionEmbeddings = Size("n_positions", 1024),
            RmsNormEps = Number(root, "layer_norm_epsilon") ?? 1e-5,
            TieWordEmbeddings = Flag(root, "tie_word_embeddings") ?? true,
            ExactGelu = activation is "gelu" or "gelu_python",
        };
    }

    /// <summary>GPT-2's own names of the same fields.</summary>
    public static string Gpt2Json(ModelConfig c) => new JsonObject
    {
        ["architectures"] = new JsonArray([.. c.Architectures.Select(a => (JsonNode)a)]),
        ["model_type"] = "gpt2",
        ["vocab_size"] = c.VocabSize,
        ["n_embd"] = c.HiddenSize,
        ["n_inner"] = c.IntermediateSize,
        ["n_layer"] = c.NumHiddenLayers,
        ["n_head"] = c.NumAttentionHeads,
        ["n_positions"] = c.MaxPositionEmbeddings,
        ["layer_norm_epsilon"] = c.RmsNormEps,
        ["activation_function"] = c.ExactGelu ? "gelu" : "gelu_new",
        ["tie_word_embeddings"] = c.TieWordEmbeddings,
    }.ToJsonString(JsonText.Indented);

    static void Validate(ModelConfig c)
    {
        if (c.NumHiddenLayers > MaxLayers)
            throw new InvalidDataException($"num_hidden_layers {c.NumHiddenLayers} is beyond {MaxLayers}.");
        if (c.HeadDim is null && c.HiddenSize % c.NumAttentionHeads != 0 || c.HeadSize % 2 != 0 && !c.IsGpt2)
            throw new InvalidDataException($"hidden_size {c.HiddenSize} does not divide into {c.NumAttentionHeads} heads of even size.");
        if (c.NumAttentionHeads % c.NumKeyValueHeads != 0)
            throw new InvalidDataException($"{c.NumAttentionHeads} heads cannot share {c.NumKeyValueHeads} key-value heads.");
        if ((long)c.NumAttentionHeads * c.HeadSize > MaxSize)
            throw new InvalidDataException($"{c.NumAttentionHeads} heads of {c.HeadSize} are too many.");
        if (!double.IsFinite(c.RopeTheta) || c.RopeTheta <= 0 || !double.IsFinite(c.RmsNormEps) || c.RmsNormEps < 0)
            throw new InvalidDataException("rope_theta must be positive, and the norm's epsilon not negative.");
        if (c.RopeScaling is { } s && (!(s.Factor > 0) || s.OriginalMaxPositionEmbeddings <= 0 || s.RopeType == "llama3" && (!(s.LowFreqFactor > 0) || !(s.HighFreqFactor > s.LowFreqFactor))
            || s.RopeType == "yarn" && (!(s.AttentionFactor > 0) || !((s.BetaSlow ?? 1) > 0) || !((s.BetaFast ?? 32) >= (s.BetaSlow ?? 1)) || c.RopeTheta == 1)))
            throw new InvalidDataException("rope_scaling must have a positive factor, and frequency factors in order.");
    }

    string[] Architectures(string usual) => root.TryGetProperty("architectures", out var names) && names.ValueKind == JsonValueKind.Array
        ? [.. names.EnumerateArray().Select(n => n.GetString() ?? "")] : [usual];

    bool Has(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    bool Flag(string name) => Flag(root, name) ?? false;

    int Size(string name, int? otherwise = null)
    {
        var most = name is "max_position_embeddings" or "n_positions" ? MaxPositions : MaxSize;
        return !Has(name) ? otherwise ?? throw new InvalidDataException($"{name} is missing.")
            : root.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var size) && size > 0 && size <= most ? size
            : throw new InvalidDataException($"{name} must be a whole number from 1 to {most}, not {root.GetProperty(name)}.");
    }

    static string? Text(JsonElement element, string name) =>
        Value(element, name, "a text", JsonValueKind.String)?.GetString();

    static double? Number(JsonElement element, string name) =>
        Value(element, name, "a number", JsonValueKind.Number)?.GetDouble();

    static bool? Flag(JsonElement element, string name) =>
        Value(element, name, "true or false", JsonValueKind.True, JsonValueKind.False)?.GetBoolean();

    // A field of one of the kinds, or null where it is not given.
    static JsonElement? Value(JsonElement element, string name, string what, params ReadOnlySpan<JsonValueKind> kinds) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : kinds.Contains(value.ValueKind) ? value
        : throw new InvalidDataException($"{name} must be {what}, not {value}.");
}
