using System.Text;
using System.Text.Json;
using Rlef.Dialogue;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Policies go to GGUF files and come back.</summary>
public sealed class GgufPolicyTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-gguf-").FullName;

    public static TheoryData<string> Families => [.. TinyPolicies.Families];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    static void AssertSameWeights(Transformer expected, Transformer actual, double tolerance = 0)
    {
        Assert.Equal(expected.Parameters.Keys, actual.Parameters.Keys);
        foreach (var (name, parameter) in expected.Parameters)
        {
            float[] want = parameter.Floats(), have = actual.Parameters[name].Floats();
            var largest = want.Max(Math.Abs);
            Assert.True(want.Zip(have).All(p => Math.Abs(p.First - p.Second) <= tolerance * largest), name);
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void A_policy_comes_back_bit_for_bit(string family)
    {
        using var policy = TinyPolicies.Create(TinyPolicies.Config(family));
        policy.Save(At("hf"));
        PolicyConversion.Run(At("hf"), At("m.gguf"), StoredType.F32);
        PolicyConversion.Run(At("m.gguf"), At("back"), StoredType.F32);
        using var file = PolicyCheckpoint.Load(At("m.gguf"), CPU);
        using var back = PolicyCheckpoint.Load(At("back"), CPU);
        foreach (var read in (PolicyCheckpoint[])[file, back])
        {
            AssertSameWeights(policy.Model, read.Model);
            Assert.Equal(policy.Model.Config.ToJson(), read.Model.Config.ToJson());
            const string text = "  def sub(a, b):  12 + 3\n<|user|>say é 日本<|end|>";
            Assert.Equal(policy.Tokenizer.EncodeMarkup(text), read.Tokenizer.EncodeMarkup(text));
            Assert.Equal(text, read.Tokenizer.Decode(read.Tokenizer.EncodeMarkup(text), keepSpecial: true));
            Assert.Equal(new ChatFormat(policy.Files).FirstPrompt("read <|end|>"), new ChatFormat(read.Files).FirstPrompt("read <|end|>"));
        }
    }

    // Relative to the largest weight: half a step of 11, 8 and 8 bits, the last of a block's own largest.
    [Theory]
    [InlineData(StoredType.F16, 0.0005)]
    [InlineData(StoredType.BF16, 0.004)]
    [InlineData(StoredType.Q8_0, 0.005)]
    public void Smaller_types_round(StoredType type, double tolerance)
    {
        foreach (var family in TinyPolicies.Families)
        {
            using var policy = TinyPolicies.Create(TinyPolicies.Config(family));
            GgufPolicy.Save(policy, At("m.gguf"), type);
            using var read = PolicyCheckpoint.Load(At("m.gguf"), CPU);
            AssertSameWeights(policy.Model, read.Model, tolerance);
            using var half = PolicyCheckpoint.Load(At("m.gguf"), CPU, ScalarType.BFloat16);
            AssertSameWeights(policy.Model, half.Model, tolerance + 0.004);
            foreach (var (name, parameter) in policy.Model.Parameters.Where(p => p.Value.shape.Length == 1))
                Assert.Equal(parameter.Floats(), read.Model.Parameters[name].Floats());
        }
    }

    public static TheoryData<string> Scalings => ["linear", "llama3", "yarn"];

    [Theory, MemberData(nameof(Scalings))]
    public void Stretched_rotations_come_back(string type)
    {
        var scaling = new RopeScaling { RopeType = type, Factor = 4 };
        if (type == "llama3")
            scaling = scaling with { LowFreqFactor = 1, HighFreqFactor = 4, OriginalMaxPositionEmbeddings = 8192 };
        if (type == "yarn")
            scaling = scaling with { OriginalMaxPositionEmbeddings = 32, AttentionFactor = 0.1 * Math.Log(4) + 1 };
        var config = TinyPolicies.Config("llama") with { RopeScaling = scaling, RopeTheta = 500000, HeadDim = 64 };
        using (var policy = TinyPolicies.Create(config))
            GgufPolicy.Save(policy, At("m.gguf"), StoredType.F32);
        var read = PolicyFiles.Read(At("m.gguf")).Config;
        Assert.Equal(type, read.RopeScaling!.RopeType);
        Assert.Equal((config.RopeTheta, scaling.Factor), (read.RopeTheta, read.RopeScaling.Factor));
        foreach (var (want, have) in Rotary.Frequencies(config).Zip(Rotary.Frequencies(read)))
            Assert.Equal(want, have, want * 1e-6);
        Assert.Equal(Rotary.Turn(config, 100, 0.3f), Rotary.Turn(read, 100, 0.3f));
    }

    [Fact]
    public void Scaling_of_a_file_that_names_no_type_is_linear_and_yarns_attention_goes_along()
    {
        ModelConfig Read(string? without)
        {
            var bytes = File.ReadAllBytes(At("m.gguf"));
            if (without is not null)
                bytes[bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(without)) + without.Length - 1] = (byte)'_';
            File.WriteAllBytes(At("n.gguf"), bytes);
            return PolicyFiles.Read(At("n.gguf")).Config;
        }

        void Save(ModelConfig config)
        {
            using var policy = TinyPolicies.Create(config);
            GgufPolicy.Save(policy, At("m.gguf"), StoredType.F32);
        }

        var config = TinyPolicies.Config("qwen2");
        Save(config with { RopeScaling = new() { RopeType = "linear", Factor = 4 } });
        Assert.Equal(new() { RopeType = "linear", Factor = 4 }, Read("qwen2.rope.scaling.type").RopeScaling);
        Assert.Null(Read("qwen2.rope.scaling.factor").RopeScaling);

        var attention = 0.5 * (0.1 * Math.Log(4) + 1);
        Save(config with { RopeScaling = new() { RopeType = "yarn", Factor = 4, OriginalMaxPositionEmbeddings = 32, AttentionFactor = attention } });
        Assert.Equal(attention, Read(null).RopeScaling!.AttentionFactor!.Value, 1e-9);
        Assert.Contains("qwen2.rope.scaling.attn_factor 0.5 beside scaling of type 'linear'", Assert.Throws<InvalidDataException>(() => Read("qwen2.rope.scaling.type")).Message);

        var name = Encoding.UTF8.GetBytes("qwen2.rope.dimension_count");
        var whole = File.ReadAllBytes(At("m.gguf"));
        whole[whole.AsSpan().IndexOf(name) + name.Length + sizeof(uint)] = 8;
        File.WriteAllBytes(At("m.gguf"), whole);
        foreach (var without in (string?[])[null, "qwen2.attention.key_length"])
            Assert.Contains("qwen2.rope.dimension_count is 8, but a head's size is 16: rotating part", Assert.Throws<InvalidDataException>(() => Read(without)).Message);
    }

    [Fact]
    public void Biases_go_along()
    {
        var config = TinyPolicies.Config("llama") with { AttentionBias = true, MlpBias = true };
        using var policy = TinyPolicies.Create(config);
        GgufPolicy.Save(policy, At("m.gguf"), StoredType.F32);
        using var read = PolicyCheckpoint.Load(At("m.gguf"), CPU);
        AssertSameWeights(policy.Model, read.Model);
    }

    [Fact]
    public void Adapters_become_part_of_the_weights()
    {
        using var policy = TinyPolicies.Create(TinyPolicies.Config("llama"));
        policy.Model.AddLora(new(4));
        using (no_grad())
            foreach (var name in policy.Model.AdapterNames)
                policy.Model.Parameters[name].normal_(0, 0.1);
        GgufPolicy.Save(policy, At("m.gguf"), StoredType.F32);
        using var read = PolicyCheckpoint.Load(At("m.gguf"), CPU);
        policy.Save(At("merged"));
        using var merged = PolicyCheckpoint.Load(At("merged"), CPU);
        AssertSameWeights(merged.Model, read.Model);
    }

    [Fact]
    public void What_llama_cpp_cannot_say_is_refused_by_name()
    {
        string Failure(PolicyCheckpoint policy)
        {
            using (policy)
                return Assert.Throws<InvalidDataException>(() => GgufPolicy.Save(policy, At("m.gguf"), StoredType.F16)).Message;
        }

        PolicyCheckpoint With(ModelConfig config, string? tokenizer = null) => new(new Transformer(config, CPU), tokenizer ?? TinyPolicies.Tokenizer);

        Assert.Contains("exact gelu", Failure(With(TinyPolicies.Config("gpt2") with { ExactGelu = true })));
        Assert.Contains("heads whose size", Failure(With(TinyPolicies.Config("qwen2") with { HeadDim = 24 })));
        Assert.Contains("biases", Failure(With(TinyPolicies.Config("qwen3") with { AttentionBias = true })));
        Assert.Contains("cutting texts into words", Failure(With(TinyPolicies.Config("llama"), Tokenizers.BytesJson())));
        Assert.Contains("takes white space", Failure(With(TinyPolicies.Config("llama"), TinyPolicies.Tokenizer.Replace("\"lstrip\": false", "\"lstrip\": true"))));
        var large = With(TinyPolicies.Config("llama"));
        using (no_grad())
            large.Model.Parameters["model.layers.0.mlp.up_proj.weight"].Fill_(70000);
        Assert.Contains("blk.0.ffn_up.weight", Failure(large));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void What_the_policy_cannot_compute_is_refused_by_name()
    {
        string Failure(GgufBytes bytes)
        {
            File.WriteAllBytes(At("m.gguf"), bytes.ToArray());
            return Assert.Throws<InvalidDataException>(() => PolicyFiles.Read(At("m.gguf"))).Message;
        }

        GgufBytes Llama(ulong more) => new GgufBytes(0, 1 + more).Key("general.architecture", GgufKind.Text).Text("llama");
        Assert.Contains("one of 3 parts", Failure(Llama(1).Key("split.count", GgufKind.UInt16).Bytes([3, 0])));
        Assert.Contains("experts", Failure(Llama(1).Key("llama.expert_count", GgufKind.UInt32).U32(8)));
        Assert.Contains("sliding", Failure(Llama(2).Key("llama.context_length", GgufKind.UInt32).U32(80).Key("llama.attention.sliding_window", GgufKind.UInt32).U32(8)));
        Assert.Contains("llama.context_length is missing", Failure(Llama(0)));
        Assert.Contains("differs from layer to layer", Failure(Llama(1).Key("llama.context_length", GgufKind.Array).U32((uint)GgufKind.UInt32).U64(2).U32(4).U32(5)));
        Assert.Contains("'token_embd.weight' is missing", Failure(Llama(1).Key("llama.context_length", GgufKind.UInt32).U32(80)));
        Assert.Contains("not a whole number", Failure(Llama(1).Key("llama.context_length", GgufKind.Text).Text("80")));
    }

    [Fact]
    public void A_tensor_too_many_or_of_another_shape_is_named()
    {
        TinyPolicies.Save(At("m.gguf"), "llama", StoredType.F16);
        var whole = File.ReadAllBytes(At("m.gguf"));

        // Replaces bytes behind the first place of a name.
        string Failure(string name, int behind, params byte[] bytes)
        {
            var changed = (byte[])whole.Clone();
            bytes.CopyTo(changed, changed.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) + name.Length + behind);
            File.WriteAllBytes(At("n.gguf"), changed);
            return Assert.Throws<InvalidDataException>(() => PolicyCheckpoint.Load(At("n.gguf"))).Message;
        }

        Assert.Contains("'blk.1.ffn_up.weight' is missing", Failure("blk.1.ffn_up.weight", -1, (byte)'s'));
        Assert.Contains("'blk.1.attn_norm.weight' has no place", Failure("llama.block_count", 4, 1));
        Assert.Contains("'blk.0.ffn_gate.weight' has shape [96, 64], the model needs [97, 64]", Failure("llama.feed_forward_length", 4, 97));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3_1")]
    [InlineData("qwen3")]
    public void Public_tokenizers_come_back(string name)
    {
        var json = File.ReadAllText(SharedData.Require("tokenizers", name, "tokenizer.json"));
        var tokenizer = TokenizerFile.Parse(json);
        using (var policy = new PolicyCheckpoint(new Transformer(TinyPolicies.Config("llama") with { VocabSize = tokenizer.VocabularySize, HiddenSize = 8, HeadDim = 2, IntermediateSize = 8, NumHiddenLayers = 1 }, CPU), json))
            GgufPolicy.Save(policy, At("m.gguf"), StoredType.F16);
        var read = PolicyFiles.Read(At("m.gguf")).Tokenizer;
        Assert.Equal(tokenizer.VocabularySize, read.VocabularySize);
        using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("tokenizer_golden", name + ".json")));
        foreach (var text in golden.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("text").GetString()!))
        {
            Assert.Equal(tokenizer.EncodeMarkup(text, addSpecial: true), read.EncodeMarkup(text, addSpecial: true));
            Assert.Equal(tokenizer.Encode(text), read.Encode(text));
        }
    }

    [Fact]
    public void Scored_pieces_come_back()
    {
        using var policy = Llama2CFile.Load(SharedData.Require("models", "stories260K", "stories260K.bin"), SharedData.Require("models", "stories260K", "tok512.bin"));
        GgufPolicy.Save(policy, At("m.gguf"), StoredType.F32);
        using var read = PolicyCheckpoint.Load(At("m.gguf"), CPU);
        AssertSameWeights(policy.Model, read.Model);
        foreach (var text in (string[])["Once upon a time, there was a dog.", "", " ", "two  spaces", "a\n\tb", "Žluťoučký kůň 你好 😀", "<s> is text", "\u2581x"])
            Assert.Equal(policy.Tokenizer.EncodeMarkup(text, addSpecial: true), read.Tokenizer.EncodeMarkup(text, addSpecial: true));
    }
}
