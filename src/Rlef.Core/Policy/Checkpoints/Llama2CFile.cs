using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
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

    // Tokens 0, 1 and 2 are unknown, begin and end; spaces stand for themselves in the file.
    static string TokenizerJson((string Text, float Score)[] pieces)
    {
        string[] special = ["<unk>", "<s>", "</s>"];
        return SentencePieceJson.Create([.. pieces.Select((p, id) => ((string, float)?)(id < special.Length ? special[id] : p.Text.Replace(' ', '\u2581'), p.Score))],
            [.. special.Take(pieces.Length).Select((s, id) => new AddedToken(s, id, Special: true))], special[0], prefix: true, begin: special[1], end: null);
    }
}
