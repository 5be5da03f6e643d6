using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlef.Policy;

/// <summary>Reads a <c>config.json</c> with the defaults of its family, and refuses by name what the policy cannot compute.</summary>
sealed class ModelConfigReader(JsonElement root)
{
    const int MaxSize = 1 << 22, MaxLayers = 1024, MaxPositions = 1 << 24;

    public ModelConfig Read()
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("the configuration is not a JSON object.");
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
        if (Text(root, "hidden_act") is { } act and not "silu")
            throw new InvalidDataException($"hidden_act '{act}' is not supported; Rlef computes silu.");
        if (root.TryGetProperty("pretraining_tp", out var tp) && tp.ValueKind == JsonValueKind.Number && tp.GetInt32() > 1)
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

    // Newer files keep all of it in rope_parameters.
    (double Theta, RopeScaling? Scaling) ReadRope()
    {
        var theta = Number(root, "rope_theta");
        var rope = root.TryGetProperty("rope_parameters", out var fresh) && fresh.ValueKind == JsonValueKind.Object ? fresh
            : root.TryGetProperty("rope_scaling", out var old) && old.ValueKind == JsonValueKind.Object ? old : (JsonElement?)null;
        if (rope is not { } r)
            return (theta ?? 10000, null);
        theta = Number(r, "rope_theta") ?? theta ?? 10000;
        switch (Text(r, "rope_type") ?? Text(r, "type"))
        {
            case null or "default":
                return (theta.Value, null);
            case "linear":
                return (theta.Value, new() { RopeType = "linear", Factor = Needed(r, "factor") });
            case "llama3":
                return (theta.Value, new()
                {
                    RopeType = "llama3",
                    Factor = Needed(r, "factor"),
                    LowFreqFactor = Needed(r, "low_freq_factor"),
                    HighFreqFactor = Needed(r, "high_freq_factor"),
                    OriginalMaxPositionEmbeddings = (int)Math.Clamp(Needed(r, "original_max_position_embeddings"), 0, MaxPositions),
                });
            case var type:
                throw new InvalidDataException($"rope_scaling of type '{type}' is not supported; Rlef computes default, linear and llama3.");
        }
    }

    ModelConfig ReadGpt2()
    {
        if (Text(root, "activation_function") is { } act and not "gelu_new")
            throw new InvalidDataException($"activation_function '{act}' is not supported; Rlef computes gelu_new.");
        if (Flag("scale_attn_by_inverse_layer_idx") || Flag("reorder_and_upcast_attn")
            || root.TryGetProperty("scale_attn_weights", out var scale) && scale.ValueKind == JsonValueKind.False)
            throw new InvalidDataException("a GPT-2 that scales attention in another way is not supported.");
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
            TieWordEmbeddings = !root.TryGetProperty("tie_word_embeddings", out var tie) || tie.ValueKind != JsonValueKind.False,
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
        ["activation_function"] = "gelu_new",
        ["tie_word_embeddings"] = c.TieWordEmbeddings,
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

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
        if (c.RopeScaling is { } s && (!(s.Factor > 0) || s.RopeType == "llama3"
            && (!(s.LowFreqFactor > 0) || !(s.HighFreqFactor > s.LowFreqFactor) || s.OriginalMaxPositionEmbeddings <= 0)))
            throw new InvalidDataException("rope_scaling must have a positive factor, and frequency factors in order.");
    }

    string[] Architectures(string usual) => root.TryGetProperty("architectures", out var names) && names.ValueKind == JsonValueKind.Array
        ? [.. names.EnumerateArray().Select(n => n.GetString() ?? "")] : [usual];

    bool Has(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    bool Flag(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    int Size(string name, int? otherwise = null)
    {
        var most = name is "max_position_embeddings" or "n_positions" ? MaxPositions : MaxSize;
        return !Has(name) ? otherwise ?? throw new InvalidDataException($"{name} is missing.")
            : root.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var size) && size > 0 && size <= most ? size
            : throw new InvalidDataException($"{name} must be a whole number from 1 to {most}, not {root.GetProperty(name)}.");
    }

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static double Needed(JsonElement element, string name) => Number(element, name) ?? throw new InvalidDataException($"rope_scaling needs {name}.");
}
