using System.Text;
using System.Text.Json.Nodes;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Hugging Face folders that are not what they should be.</summary>
public sealed class SafetensorsFolderTests : IDisposable
{
    static readonly string Tokenizer = TokenizerFile.ToJson([.. "abcdefgh".Select(c => c.ToString())], [], ["<eos>"], TokenizerFile.SingleDigitPattern);

    readonly string folder = Directory.CreateTempSubdirectory("rlef-folder-").FullName;

    public SafetensorsFolderTests()
    {
        foreach (var file in Directory.GetFiles(References.Path("families", "llama2-sharded")))
            File.Copy(file, Path(System.IO.Path.GetFileName(file)));
        File.WriteAllText(Path("tokenizer.json"), Tokenizer);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Path(string name) => System.IO.Path.Combine(folder, name);

    string Failure()
    {
        var message = Assert.Throws<InvalidDataException>(() => PolicyCheckpoint.Load(folder).Dispose()).Message;
        Assert.StartsWith(folder, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    void Edit(string file, Action<JsonObject> edit)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path(file)))!.AsObject();
        edit(json);
        File.WriteAllText(Path(file), json.ToJsonString());
    }

    const string Index = "model.safetensors.index.json", Second = "model-00002-of-00003.safetensors";

    [Fact]
    public void A_missing_shard_is_named()
    {
        File.Delete(Path(Second));
        Assert.Contains($"{Second}, which is missing", Failure());
    }

    [Fact]
    public void A_cut_shard_is_named()
    {
        File.WriteAllBytes(Path(Second), File.ReadAllBytes(Path(Second))[..^10]);
        var message = Failure();
        Assert.Contains(Second, message);
        Assert.Contains("cut short", message);
    }

    [Theory]
    [InlineData("../model-00002-of-00003.safetensors", "not the name of a file")]
    [InlineData("/etc/passwd", "not the name of a file")]
    [InlineData("model-00001-of-00003.safetensors", "is missing, although")]
    public void An_index_cannot_lead_astray(string file, string part)
    {
        Edit(Index, i => i["weight_map"]!["model.norm.weight"] = file);
        var message = Failure();
        Assert.Contains(part, message);
        Assert.Contains("'model.norm.weight'", message);
    }

    [Fact]
    public void A_tensor_without_place_and_a_place_without_tensor_are_named()
    {
        Edit(Index, i => i["weight_map"]!.AsObject().Remove("model.norm.weight"));
        Assert.Contains($"{Index}: tensor 'model.norm.weight' is missing", Failure());
        Edit("config.json", c => c["num_hidden_layers"] = 1);
        Edit(Index, i => i["weight_map"]!["model.norm.weight"] = Second);
        Assert.Contains("'model.layers.1.", Failure());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"weight_map\":3}")]
    [InlineData("{\"weight_map\":{\"a\":3}}")]
    [InlineData("{")]
    public void A_damaged_index_is_named(string text)
    {
        File.WriteAllText(Path(Index), text);
        Assert.Contains(Index, Failure());
    }

    [Theory]
    [InlineData("model_type", "\"mamba\"", "mamba")]
    [InlineData("model_type", "7", "model_type")]
    [InlineData("vocab_size", "4000000000", "vocab_size")]
    [InlineData("vocab_size", "\"many\"", "vocab_size")]
    [InlineData("vocab_size", "4000000", "'model.embed_tokens.weight'")]
    [InlineData("hidden_size", "4194304", "'model.embed_tokens.weight'")]
    [InlineData("hidden_size", "-8", "hidden_size")]
    [InlineData("num_hidden_layers", "100000", "num_hidden_layers")]
    [InlineData("num_hidden_layers", "1000", "'model.layers.2.")]
    [InlineData("num_attention_heads", "5", "heads")]
    [InlineData("num_key_value_heads", "3", "key-value")]
    [InlineData("head_dim", "3", "even")]
    [InlineData("hidden_act", "\"gelu\"", "gelu")]
    [InlineData("sliding_window", "4096", "sliding-window")]
    [InlineData("use_sliding_window", "true", "sliding-window")]
    [InlineData("layer_types", "[\"sliding_attention\"]", "sliding-window")]
    [InlineData("rope_scaling", "{\"rope_type\":\"longrope\",\"factor\":4}", "longrope")]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\"}", "factor")]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":4,\"beta_fast\":1,\"beta_slow\":2}", "rope_scaling")]
    [InlineData("rope_scaling", "{\"rope_type\":3}", "rope_type")]
    [InlineData("rope_scaling", "\"linear\"", "rope_scaling")]
    [InlineData("rope_parameters", "{\"full_attention\":{\"rope_theta\":1000}}", "full_attention")]
    [InlineData("rope_parameters", "{\"rope_theta\":1000,\"partial_rotary_factor\":0.5}", "partial_rotary_factor")]
    [InlineData("quantization_config", "{\"quant_method\":\"gptq\"}", "quantization_config")]
    [InlineData("tie_word_embeddings", "\"no\"", "tie_word_embeddings")]
    [InlineData("rms_norm_eps", "\"small\"", "rms_norm_eps")]
    [InlineData("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":4}", "low_freq_factor")]
    [InlineData("rope_scaling", "{\"rope_type\":\"linear\",\"factor\":0}", "rope_scaling")]
    [InlineData("rope_theta", "-1", "rope_theta")]
    public void A_configuration_beyond_the_policy_is_refused_by_name(string field, string value, string part)
    {
        Edit("config.json", c => c[field] = JsonNode.Parse(value));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(part, Failure());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000, "no memory is taken for a model that is not there");
    }

    [Fact]
    public void Other_formats_are_pointed_to_safetensors()
    {
        foreach (var file in Directory.GetFiles(folder, "model*"))
            File.Delete(file);
        File.WriteAllBytes(Path("pytorch_model.bin"), [1, 2, 3]);
        Assert.Contains("saved as safetensors", Failure());
    }

    [Fact]
    public void Damaged_files_never_escape_as_another_error_and_take_no_memory()
    {
        string[] files = ["config.json", Index, "tokenizer.json", Second];
        var good = files.ToDictionary(f => f, f => File.ReadAllBytes(Path(f)));
        var random = new Random(3);
        var alphabet = Encoding.UTF8.GetBytes("{}[]\",:0123456789eE-+.abF\\u\xff ");
        PolicyCheckpoint.Load(folder).Dispose();
        for (var round = 0; round < 1500; round++)
        {
            var file = files[round % files.Length];
            var bad = (byte[])good[file].Clone();
            // Of weights, what matters is in front.
            var span = file == Second ? 600 : bad.Length;
            for (var n = random.Next(1, 6); n > 0; n--)
                bad[random.Next(span)] = random.Next(3) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            File.WriteAllBytes(Path(file), random.Next(5) == 0 ? bad[..random.Next(bad.Length)] : bad);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                PolicyCheckpoint.Load(folder).Dispose();
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(folder, e.Message);
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50_000_000, $"round {round} took too much memory");
            File.WriteAllBytes(Path(file), good[file]);
        }
    }

    [Fact]
    public void Loading_makes_no_managed_copy_of_the_weights()
    {
        var config = ModelConfig.Nano(4096) with { HiddenSize = 256, IntermediateSize = 1024 };
        using (var model = new Transformer(config))
            new PolicyCheckpoint(model, Tokenizer).Save(Path("large"));
        var size = new FileInfo(System.IO.Path.Combine(Path("large"), "model.safetensors")).Length;
        Assert.True(size > 20_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        PolicyCheckpoint.Load(Path("large")).Dispose();
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < size / 4);
    }
}
