using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

public sealed class LoraTests : IDisposable
{
    static readonly string Tokenizer = TokenizerFile.ToJson([.. "abcdefgh".Select(c => c.ToString())], [], ["<eos>"], TokenizerFile.SingleDigitPattern);
    static readonly SupervisedTrainer.Example[] Batch = [new([1, 2, 3, 4, 5, 6], [false, true, true, true, true, true])];

    readonly IDisposable scope = NewDisposeScope();
    readonly string folder = Directory.CreateTempSubdirectory("rlef-lora-").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    static Transformer Model(string type)
    {
        manual_seed(4);
        var model = new Transformer(ModelConfig.Nano(9) with { ModelType = type, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 2, NumKeyValueHeads = type == "gpt2" ? 4 : 2, MaxPositionEmbeddings = 32 });
        // Embeddings as large as a trained model's: they stay, and bound the logits.
        using var _ = no_grad();
        model.Parameters.First().Value.Mul_(25);
        return model;
    }

    static float[] Logits(Transformer model)
    {
        using var inner = NewDisposeScope();
        using var _ = no_grad();
        return model.Logits(model.Hidden(tensor((long[])[1, 2, 3, 4, 5, 6], [1, 6]).Here())).Floats();
    }

    static float[] Decoded(IDecoder decoder)
    {
        using (decoder)
        {
            var logits = new float[9];
            decoder.Append([0], [(int[])[1, 2, 3, 4, 5, 6]], logits);
            return logits;
        }
    }

    static void AssertClose(float[] expected, float[] actual)
    {
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-5 * largest));
    }

    static void Train(Transformer model, int steps)
    {
        using var optimizer = new AdamW(model.Trained);
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.ClearGradients();
            SupervisedTrainer.Loss(model, Batch).backward();
            optimizer.Step(0.02);
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("gpt2")]
    public void Adapters_learn_while_the_weights_stay_and_merge_into_them(string type)
    {
        using var model = Model(type);
        var (before, weights) = (Logits(model), model.Parameters.ToDictionary(p => p.Key, p => p.Value.Floats()));
        model.AddLora(new(Rank: 3, Alpha: 6));
        Assert.Equal(before, Logits(model));
        var loss = SupervisedTrainer.Loss(model, Batch).item<float>();
        Train(model, 30);
        Assert.True(SupervisedTrainer.Loss(model, Batch).item<float>() < 0.7 * loss, "the adapters should learn");
        foreach (var (name, values) in weights)
            Assert.Equal(values, model.Parameters[name].Floats());
        var learned = Logits(model);
        AssertClose(learned[^9..], Decoded(new TensorDecoder(model, 1, 32)));
        AssertClose(learned[^9..], Decoded(Decoders.Create(model, 1, 32)));
        using (var shared = model.Share())
            Assert.Equal(learned, Logits(shared));

        LoraFile.Save(model, Path.Combine(folder, "adapters"), "base");
        using (var other = Model(type))
        {
            using (no_grad())
                foreach (var (name, values) in weights)
                    other.Parameters[name].copy_(tensor(values, other.Parameters[name].shape));
            LoraFile.Load(other, Path.Combine(folder, "adapters"));
            Assert.Equal(learned, Logits(other));
        }
        new PolicyCheckpoint(model, Tokenizer).Save(Path.Combine(folder, "policy"));
        using (var saved = PolicyCheckpoint.Load(Path.Combine(folder, "policy")))
        {
            Assert.Equal(weights.Keys, saved.Model.Parameters.Keys);
            AssertClose(learned, Logits(saved.Model));
        }
    }

    [Fact]
    public void Only_the_targets_are_adapted()
    {
        using var model = Model("llama");
        model.AddLora(new(2, 4, ["q_proj", "v_proj"]));
        Assert.Equal(8, model.Parameters.Keys.Count(n => n.Contains("lora", StringComparison.Ordinal)));
        SupervisedTrainer.Loss(model, Batch).backward();
        Assert.All(model.Parameters, p => Assert.Equal(p.Key.Contains("lora", StringComparison.Ordinal), p.Value.grad is not null));
        Assert.Throws<InvalidOperationException>(() => model.AddLora(new()));
        using var other = Model("llama");
        Assert.Contains("elsewhere", Assert.Throws<ArgumentException>(() => other.AddLora(new(2, 4, ["elsewhere"]))).Message);
    }

    [Fact]
    public void Adapters_of_another_model_are_refused_by_name()
    {
        using var model = Model("llama");
        model.AddLora(new(2));
        LoraFile.Save(model, folder);
        using var other = new Transformer(model.Config with { IntermediateSize = 40 });
        Assert.Contains("mlp.gate_proj.lora_B.weight", Assert.Throws<InvalidDataException>(() => LoraFile.Load(other, folder)).Message);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), "{\"r\":2,\"lora_alpha\":2,\"target_modules\":[\"q_proj\"],\"use_dora\":true}");
        Assert.Contains("use_dora", Assert.Throws<InvalidDataException>(() => LoraFile.Load(other, folder)).Message);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), "{}");
        Assert.Contains("adapter_config.json", Assert.Throws<InvalidDataException>(() => LoraFile.Load(other, folder)).Message);
    }
}
