using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Reads checkpoints and tokenizers of llama2.c: seven numbers and all weights in 32-bit floats; scored pieces of text.</summary>
public static class Llama2CFile
{
    const int HeaderBytes = 7 * sizeof(int), MaxPieces = 1 << 20;

    /// <exception cref="InvalidDataException">A file is damaged or does not fit the other; the message names it.</exception>
    public static PolicyCheckpoint Load(string modelPath, string tokenizerPath)
    {
        using var stream = File.OpenRead(modelPath);
        var config = ReadConfig(stream, modelPath);
        var pieces = ReadPieces(tokenizerPath, config.VocabSize);
        var model = Transformer.Unset(config, CPU, ScalarType.Float32);
        try
        {
            ReadWeights(stream, model);
            return new(model, TokenizerJson(pieces));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    static ModelConfig ReadConfig(FileStream stream, string path)
    {
        if (stream.Length < HeaderBytes)
            throw new InvalidDataException($"{path}: {stream.Length} bytes are no llama2.c checkpoint.");
        var header = new int[7];
        stream.ReadExactly(MemoryMarshal.AsBytes(header.AsSpan()));
        var (d, f, layers, heads, kv, vocabulary, length) = (header[0], header[1], header[2], header[3], header[4], header[5], header[6]);
        // A negative vocabulary means a head of its own. The reader of config.json checks the numbers.
        var config = ModelConfig.Parse(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["model_type"] = "llama", ["vocab_size"] = Math.Abs((long)vocabulary), ["hidden_size"] = d, ["intermediate_size"] = f, ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = heads, ["num_key_value_heads"] = kv, ["max_position_embeddings"] = length, ["rms_norm_eps"] = 1e-5, ["tie_word_embeddings"] = vocabulary > 0,
        }), $"{path}, header");
        var floats = Sections(config).Aggregate((Int128)0, (sum, s) => sum + s.Count);
        if (HeaderBytes + floats * sizeof(float) != stream.Length)
            throw new InvalidDataException($"{path}: a model of these sizes takes {HeaderBytes + floats * sizeof(float)} bytes, the file has {stream.Length}; it is damaged or of another kind.");
        return config;
    }

    // Of all layers, one kind of weight after another; null is skipped.
    static IEnumerable<(string? Name, long Count)> Sections(ModelConfig c)
    {
        long d = c.HiddenSize, kv = c.NumKeyValueHeads * c.HeadSize, f = c.IntermediateSize, n = c.NumHiddenLayers;
        yield return ("model.embed_tokens.weight", c.VocabSize * d);
        foreach (var (name, count) in ((string, long)[])[("input_layernorm", d), ("self_attn.q_proj", d * d), ("self_attn.k_proj", kv * d), ("self_attn.v_proj", kv * d),
            ("self_attn.o_proj", d * d), ("post_attention_layernorm", d), ("mlp.gate_proj", f * d), ("mlp.down_proj", d * f), ("mlp.up_proj", f * d)])
            for (var i = 0; i < n; i++)
                yield return ($"model.layers.{i}.{name}.weight", count);
        yield return ("model.norm.weight", d);
        yield return (null, (long)c.MaxPositionEmbeddings * c.HeadSize);   // tables of cosines and sines
        if (!c.TieWordEmbeddings)
            yield return ("lm_head.weight", c.VocabSize * d);
    }

    static void ReadWeights(FileStream stream, Transformer model)
    {
        foreach (var (name, count) in Sections(model.Config))
        {
            if (name is null)
            {
                stream.Seek(count * sizeof(float), SeekOrigin.Current);
                continue;
            }
            var target = model.Parameters[name].bytes;
            stream.ReadExactly(target);
            if (name.Contains("q_proj", StringComparison.Ordinal) || name.Contains("k_proj", StringComparison.Ordinal))
                SplitHalves(MemoryMarshal.Cast<byte, float>(target), model.Config);
        }
    }

    // Neighbouring rows rotate together here, rows half a head apart in Hugging Face's layout.
    static void SplitHalves(Span<float> rows, ModelConfig config)
    {
        int d = config.HiddenSize, size = config.HeadSize;
        var head = new float[size * d];
        for (; rows.Length > 0; rows = rows[(size * d)..])
        {
            rows[..head.Length].CopyTo(head);
            for (var r = 0; r < size; r++)
                head.AsSpan(r * d, d).CopyTo(rows[((r / 2 + r % 2 * size / 2) * d)..]);
        }
    }

    static (string Text, float Score)[] ReadPieces(string path, int count)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.Length < sizeof(int) || count > MaxPieces)
            throw new InvalidDataException($"{path}: {bytes.Length} bytes are no llama2.c tokenizer of {count} tokens.");
        bytes = bytes[sizeof(int)..];
        var pieces = new (string, float)[count];
        for (var id = 0; id < count; id++)
        {
            var length = bytes.Length < 8 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
            if (length < 0 || length > bytes.Length - 8)
                throw new InvalidDataException($"{path}: token {id} of {count} lies beyond the file's end; the file is damaged or belongs to another model.");
            pieces[id] = (Encoding.UTF8.GetString(bytes.Slice(8, length)), BinaryPrimitives.ReadSingleLittleEndian(bytes));
            bytes = bytes[(8 + length)..];
        }
        return bytes.IsEmpty ? pieces : throw new InvalidDataException($"{path}: {bytes.Length} bytes are left over; the tokenizer belongs to another model.");
    }

    // As Hugging Face writes Llama 2's. Tokens 0, 1 and 2 are unknown, begin and end; spaces stand for U+2581.
    static string TokenizerJson((string Text, float Score)[] pieces)
    {
        string[] special = ["<unk>", "<s>", "</s>"];
        var ids = new Dictionary<string, int>();
        for (var id = 0; id < pieces.Length; id++)
            ids.TryAdd(id < special.Length ? special[id] : pieces[id].Text.Replace(' ', '\u2581'), id);
        var merges = new List<(float Score, int Id, string Merge)>();
        foreach (var (text, id) in ids.Where(i => i.Value >= special.Length))
            for (var cut = 1; cut < text.Length; cut++)
                if (ids.ContainsKey(text[..cut]) && ids.ContainsKey(text[cut..]))
                    merges.Add((pieces[id].Score, id, $"{text[..cut]} {text[cut..]}"));
        JsonObject Step(string type, params (string Name, JsonNode? Value)[] fields)
        {
            var step = new JsonObject { ["type"] = type };
            foreach (var (name, value) in fields)
                step[name] = value;
            return step;
        }
        JsonObject Text(string text) => new() { ["String"] = text };
        JsonObject Named(string kind, string id) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = 0 } };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. special.Take(pieces.Length).Select((s, i) => (JsonNode)new JsonObject
            {
                ["id"] = i, ["content"] = s, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            })]),
            ["normalizer"] = Step("Sequence", ("normalizers", new JsonArray(Step("Prepend", ("prepend", "\u2581")), Step("Replace", ("pattern", Text(" ")), ("content", "\u2581"))))),
            ["pre_tokenizer"] = null,
            ["post_processor"] = Step("TemplateProcessing", ("single", new JsonArray(Named("SpecialToken", "<s>"), Named("Sequence", "A"))),
                ("pair", new JsonArray(Named("SpecialToken", "<s>"), Named("Sequence", "A"), Named("SpecialToken", "<s>"), Named("Sequence", "B"))),
                ("special_tokens", new JsonObject { ["<s>"] = new JsonObject { ["id"] = "<s>", ["ids"] = new JsonArray(1), ["tokens"] = new JsonArray("<s>") } })),
            ["decoder"] = Step("Sequence", ("decoders", new JsonArray(Step("Replace", ("pattern", Text("\u2581")), ("content", " ")), Step("ByteFallback"), Step("Fuse"),
                Step("Strip", ("content", " "), ("start", 1), ("stop", 0))))),
            ["model"] = Step("BPE", ("dropout", null), ("unk_token", "<unk>"), ("continuing_subword_prefix", null), ("end_of_word_suffix", null), ("fuse_unk", true), ("byte_fallback", true),
                ("vocab", new JsonObject(ids.Select(i => KeyValuePair.Create(i.Key, (JsonNode?)i.Value)))),
                ("merges", new JsonArray([.. merges.OrderByDescending(m => m.Score).ThenBy(m => m.Id).Select(m => (JsonNode)m.Merge)]))),
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }
}
