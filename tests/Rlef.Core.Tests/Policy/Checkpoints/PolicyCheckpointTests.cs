using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

public sealed class PolicyCheckpointTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-checkpoint-").FullName;
    static readonly string Tokenizer = TokenizerFile.ToJson([.. "abcdefgh".Select(c => c.ToString())], [], ["<eos>"], TokenizerFile.SingleDigitPattern);
    static readonly ModelConfig Small = ModelConfig.Nano(16) with { HiddenSize = 32, IntermediateSize = 48, NumHiddenLayers = 2 };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string File(string name) => Path.Combine(folder, name);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_policy_comes_back_as_it_was(bool tied)
    {
        using var policy = new Transformer(Small with { TieWordEmbeddings = tied });
        new PolicyCheckpoint(policy, Tokenizer).Save(folder);
        using var loaded = PolicyCheckpoint.Load(folder);
        var copy = loaded.Model;
        Assert.Equal(Tokenizer, loaded.TokenizerJson);
        Assert.Equal(9, loaded.Tokenizer.VocabularySize);
        Assert.Equal(policy.Config.ToJson(), copy.Config.ToJson());
        Assert.Equal(policy.Parameters.Keys, copy.Parameters.Keys);
        Assert.Equal(!tied, copy.Parameters.ContainsKey("lm_head.weight"));
        foreach (var (name, parameter) in policy.Parameters)
            Assert.Equal(parameter.Floats(), copy.Parameters[name].Floats());
        Assert.Empty(Directory.GetFiles(folder, "*.tmp"));
    }

    [Fact]
    public void A_repeated_tied_head_is_accepted()
    {
        using var policy = new Transformer(Small);
        new PolicyCheckpoint(policy, Tokenizer).Save(folder);
        Safetensors.Write(File("model.safetensors"), policy.Parameters.Select(p => (p.Key, (Tensor)p.Value))
            .Append(("lm_head.weight", policy.Parameters["model.embed_tokens.weight"])));
        PolicyCheckpoint.Load(folder).Dispose();
    }

    [Fact]
    public void Faults_name_file_and_tensor()
    {
        using var policy = new Transformer(Small);
        new PolicyCheckpoint(policy, Tokenizer).Save(folder);
        var weights = System.IO.File.ReadAllBytes(File("model.safetensors"));

        using (var wider = new Transformer(Small with { IntermediateSize = 64 }))
            new PolicyCheckpoint(wider, Tokenizer).Save(folder);
        System.IO.File.WriteAllBytes(File("model.safetensors"), weights);
        Assert.Contains("model.safetensors: tensor 'model.layers.0.mlp.gate_proj.weight' has shape [48, 32], the model needs [64, 32]", Failure());

        System.IO.File.WriteAllText(File("config.json"), (Small with { NumHiddenLayers = 3 }).ToJson());
        Assert.Contains("tensor 'model.layers.2.input_layernorm.weight' is missing", Failure());

        System.IO.File.WriteAllText(File("config.json"), (Small with { NumHiddenLayers = 1 }).ToJson());
        Assert.Contains("tensor 'model.layers.1.", Failure());

        System.IO.File.WriteAllText(File("config.json"), (Small with { VocabSize = 8 }).ToJson());
        Assert.Contains("tokenizer.json: 9 tokens do not fit", Failure());

        System.IO.File.WriteAllText(File("config.json"), Small.ToJson());
        weights[^5] ^= 4;
        System.IO.File.WriteAllBytes(File("model.safetensors"), weights);
        Assert.Contains("checksum", Failure());

        System.IO.File.Delete(File("model.safetensors"));
        Assert.Contains("model.safetensors is missing", Failure());
    }

    string Failure()
    {
        var message = Assert.Throws<InvalidDataException>(() => PolicyCheckpoint.Load(folder)).Message;
        Assert.StartsWith(folder, message);
        return message;
    }
}
