using Rlef.Critics;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Learning;

public sealed class GradientCheckpointingTests
{
    static readonly int[] Ids = [1, 5, 2, 9, 14, 3, 7, 7, 0, 11, 4, 8];

    static ModelConfig Config(string type) => ModelConfig.Nano(16) with
    {
        ModelType = type,
        HiddenSize = 16,
        IntermediateSize = 24,
        NumHiddenLayers = 3,
        MaxPositionEmbeddings = 32,
        NumKeyValueHeads = type == "gpt2" ? 4 : 2,
    };

    // Both losses of a step: log-probabilities through the head, values through the policy's hidden states or a trunk of their own.
    static Dictionary<string, float[]> Gradients(Transformer policy, ValueFunction value, bool enabled)
    {
        using var scope = NewDisposeScope();
        var checkpoints = new ActivationCheckpoints(enabled);
        var ids = tensor([.. Ids.Select(i => (long)i)], [1, 12]).Here();
        Tensor positions = tensor((long[])[0, 1, 3, 7, 10]).Here(), targets = tensor((long[])[5, 2, 14, 0, 8]).Here();
        var states = value.NewStates();
        var hidden = policy.Hidden(ids, [7, 5], checkpoints, states);
        var logProbs = ChosenTokens.LogProbs(policy, hidden, positions, targets, 1, checkpoints);
        var values = value.Values(ids, [7, 5], states, positions, checkpoints);
        checkpoints.Backward(logProbs.Square().mean().Add(values.Sub(1).Square().mean()));
        var all = policy.Trained.Select(p => (Name: "policy." + p.Key, p.Value)).Concat(value.Parameters.Select(p => (Name: "value." + p.Key, p.Value)));
        return all.ToDictionary(p => p.Name, p =>
        {
            var gradient = p.Value.grad!.Floats();
            p.Value.grad = null;
            return gradient;
        });
    }

    [Theory]
    [InlineData("llama", ValueTrunk.Shared, 0)]
    [InlineData("llama", ValueTrunk.Separate, 0)]
    [InlineData("qwen3", ValueTrunk.Separate, 2)]
    [InlineData("qwen2", ValueTrunk.Shared, 2)]
    [InlineData("gpt2", ValueTrunk.Separate, 0)]
    public void The_gradients_are_those_without_it_and_add_up(string type, ValueTrunk trunk, int rank)
    {
        using var policy = new Transformer(Config(type));
        if (rank > 0)
        {
            policy.AddLora(new(rank));
            using var _ = no_grad();
            foreach (var (_, adapter) in policy.Trained)
                adapter.normal_(0, 0.3);
        }
        using var value = ValueFunction.Of(policy, new() { Trunk = trunk });
        var (expected, actual) = (Gradients(policy, value, false), Gradients(policy, value, true));
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, gradient) in expected)
        {
            // Where lora_B is still 0, lora_A has a gradient of 0.
            var scale = Math.Max(gradient.Max(Math.Abs), 1e-6f);
            Assert.True(rank > 0 || gradient.Any(g => g != 0), name);
            Assert.All(gradient.Zip(actual[name]), g => Assert.InRange(g.Second - g.First, -1e-5 * scale, 1e-5 * scale));
        }
    }

    [Fact]
    public void Logits_in_pieces_are_those_of_one_piece()
    {
        using var scope = NewDisposeScope();
        // A vocabulary so large that a piece is seven positions.
        using var model = new Transformer(Config("llama") with { VocabSize = (1 << 21) + 1, HiddenSize = 8, IntermediateSize = 8, NumHiddenLayers = 1 });
        using var _ = no_grad();
        var hidden = randn([1, 9, 8]).Here();
        Tensor positions = Arithmetic.Range(9, Tensors.Device), targets = tensor((long[])[3, 1, 4, 1, 5, 9, 2, 6, 5]).Here();
        var pieces = 0;
        var actual = ChosenTokens.InPieces(model, hidden, positions, targets, 1, new(enabled: false), (distribution, what) =>
        {
            pieces++;
            return distribution.Of(what);
        });
        Assert.Equal(2, pieces);
        var expected = new TokenDistribution(model.Logits(hidden.view(9, 8))).Of(targets);
        Assert.True((actual - expected).abs().max().item<float>() < 1e-5);
    }
}
