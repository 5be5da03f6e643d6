using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Policies as GGUF files, which llama.cpp and what is built on it read: weights, configuration, tokenizer and chat template in one.</summary>
public static class GgufPolicy
{
    /// <summary>Whether a file says that it is one.</summary>
    public static bool IsGguf(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> first = stackalloc byte[4];
        return stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && first.SequenceEqual("GGUF"u8);
    }

    /// <summary>Writes a policy; adapters become part of the weights. Norms, biases and positions stay in 32 bits, as llama.cpp has them.</summary>
    /// <exception cref="InvalidDataException">llama.cpp has no such model or tokenizer; the message names why.</exception>
    public static void Save(PolicyCheckpoint policy, string path, StoredType type) => Write(policy.Files, path, type, policy.Model.Effective);

    /// <param name="weight">Makes a weight when it is its turn; it is disposed of at once.</param>
    internal static void Write(PolicyFiles files, string path, StoredType type, Func<string, Tensor> weight)
    {
        var config = files.Config;
        var names = new GgufNames(config);
        var writer = new GgufWriter();
        GgufConfig.Write(config, writer, files.Source);
        writer.Add("general.quantization_version", 2u);
        writer.Add("general.file_type", type switch { StoredType.F32 => 0u, StoredType.F16 => 1u, StoredType.Q8_0 => 7u, _ => 32u });
        GgufTokenizerWriter.Write(files, writer);
        if (GgufConfig.Divisors(config) is { } divisors)
            writer.Add(GgufNames.Frequencies, GgufType.F32, [divisors.Length], () => tensor(divisors));
        foreach (var (name, shape, _, _) in ParameterShape.Of(config))
        {
            var turned = names.IsTurned(name, shape.Length);
            var inFile = turned ? [.. shape.Reverse()] : shape;
            var small = shape.Length == 1 || name.EndsWith(".wpe.weight", StringComparison.Ordinal);
            writer.Add(GgufNames.Of(name), small ? GgufType.F32 : TypeOf(type, inFile[^1]), inFile, () =>
            {
                var tensor = weight(name);
                return turned ? tensor.t() : names.IsInterleaved(name) ? tensor.index_select(0, names.RowsOfFile(shape[0]).to(tensor.device)) : tensor;
            });
        }
        writer.Write(path);
    }

    // Rows that do not divide into blocks stay in 16 bits.
    static GgufType TypeOf(StoredType type, long columns) => type switch
    {
        StoredType.F32 => GgufType.F32,
        StoredType.BF16 => GgufType.BF16,
        StoredType.Q8_0 when GgufType.Q8_0.RowBytes(columns) is not null => GgufType.Q8_0,
        _ => GgufType.F16,
    };

    /// <summary>The texts of the Hugging Face folder that says the same.</summary>
    /// <exception cref="InvalidDataException">The file holds no policy, or one that Rlef cannot compute; the message names why.</exception>
    internal static Dictionary<string, string> FolderOf(GgufFile file)
    {
        var config = GgufConfig.ToJson(file);
        var tokenizer = GgufTokenizer.ToJson(file);
        int? begin = GgufTokenizer.Role(file, "bos"), padding = GgufTokenizer.Role(file, "padding");
        // Of a text, a turn, a message.
        int[] ends = [.. ((string[])["eos", "eot", "eom"]).Select(role => GgufTokenizer.Role(file, role)).OfType<int>().Distinct()];
        var tokens = file.Texts(GgufTokenizer.Prefix + "tokens")!;
        var generation = new JsonObject { ["bos_token_id"] = begin, ["eos_token_id"] = ends.Length == 1 ? ends[0] : new JsonArray([.. ends.Select(e => (JsonNode)e)]), ["pad_token_id"] = padding };
        var settings = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["clean_up_tokenization_spaces"] = false };
        foreach (var (name, role) in ((string, string)[])[("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"), ("pad_token", "padding")])
            if (GgufTokenizer.Role(file, role) is { } id)
                settings[name] = tokens[id];
        var texts = new Dictionary<string, string>
        {
            [PolicyFiles.ConfigName] = config, [PolicyFiles.TokenizerName] = tokenizer,
            [PolicyFiles.TokenizerConfigName] = Text(settings), [PolicyFiles.GenerationName] = Text(generation),
        };
        if (file.Text(GgufTokenizer.ChatTemplate) is { } template)
            texts.Add(PolicyFiles.TemplateName, template);
        return texts;

        static string Text(JsonObject value) => value.ToJsonString(JsonText.Indented) + "\n";
    }
}
