using Rlef.Learning;
using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = Rlef.Learning.AdamW;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Core.Tests.Learning;

public sealed class MasterWeightTests
{
    static KeyValuePair<string, Parameter>[] One(float value) => [new("w", new Parameter(tensor([value]).to(ScalarType.BFloat16).Here()))];

    [Fact]
    public void Small_updates_add_up_that_16_bits_alone_would_lose()
    {
        using var scope = NewDisposeScope();
        var learned = One(1);
        using var weights = new MasterWeights(learned);
        using var optimizer = new AdamW(weights.Parameters, decay: 0);
        var alone = new Parameter(tensor([1f]).to(ScalarType.BFloat16).Here());
        for (var step = 0; step < 200; step++)
        {
            // A gradient of 1, at which AdamW steps by its learning rate.
            learned[0].Value.sum().backward();
            weights.Collect();
            Assert.Null(learned[0].Value.grad);
            optimizer.Step(1e-4);
            optimizer.ClearGradients();
            weights.Publish();
            using var _ = no_grad();
            alone.Add_(tensor([-1e-4f]).to(ScalarType.BFloat16).Here());
        }
        Assert.Equal(1, alone.to(ScalarType.Float32).item<float>());
        Assert.Equal(0.98, weights.Parameters["w"].item<float>(), 1e-4);
        Assert.Equal(0.98, learned[0].Value.to(ScalarType.Float32).item<float>(), 4e-3);
        Assert.Equal(ScalarType.BFloat16, learned[0].Value.dtype);
    }

    [Fact]
    public void Gradients_add_up_in_32_bits()
    {
        using var scope = NewDisposeScope();
        var learned = One(0);
        using var weights = new MasterWeights(learned);
        for (var i = 0; i < 1000; i++)
        {
            learned[0].Value.sum().backward();
            weights.Collect();
        }
        // Sixteen bits would stop at 256.
        Assert.Equal(1000, weights.Parameters["w"].grad!.item<float>());
    }

    [Fact]
    public void Weights_of_32_bits_are_stepped_themselves()
    {
        using var scope = NewDisposeScope();
        var own = new Parameter(tensor([1f]).Here());
        using var weights = new MasterWeights([new("w", own)]);
        Assert.Same(own, weights.Parameters["w"]);
        own.sum().backward();
        weights.Collect();
        Assert.Equal(1, own.grad!.item<float>());
    }

    [Theory]
    [InlineData("llama", 0)]
    [InlineData("qwen2", 0)]
    [InlineData("gpt2", 2)]
    public void A_model_in_16_bits_learns(string type, int rank)
    {
        using var scope = NewDisposeScope();
        using var model = new Transformer(ModelConfig.Nano(16) with
        {
            ModelType = type,
            HiddenSize = 32,
            IntermediateSize = 48,
            NumHiddenLayers = 2,
            MaxPositionEmbeddings = 32,
            NumKeyValueHeads = type == "gpt2" ? 4 : 2,
        }, dtype: ScalarType.BFloat16);
        if (rank > 0)
        {
            // Embeddings as large as a trained model's: they stay, and bound the logits.
            using (no_grad())
                model.Parameters.First().Value.Mul_(25);
            model.AddLora(new(rank));
        }
        SupervisedTrainer.Example[] examples = [new([1, 5, 2, 9, 3, 11, 4, 8], [false, true, true, true, true, true, true, true])];
        List<double> losses = [];
        SupervisedTrainer.Train(model, examples, new(60, LearningRate: 1e-2), (_, loss) => losses.Add(loss));
        Assert.True(losses[^1] < 0.7 * losses[0] && losses.TrueForAll(double.IsFinite), string.Join(", ", losses));
    }
}
