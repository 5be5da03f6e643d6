using Rlef.Critics;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Learning;

public sealed class ReplicasTests
{
    static readonly ModelConfig Config = ModelConfig.Nano(32) with { HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 2, MaxPositionEmbeddings = 64 };

    static readonly SupervisedTrainer.Example[] Batch = [.. Enumerable.Range(3, 9).Select(length => new SupervisedTrainer.Example(
        [.. Enumerable.Range(0, length).Select(t => (7 * t + length) % 32)], [.. Enumerable.Range(0, length).Select(t => t > length / 2)]))];

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Several_views_give_the_gradients_of_one(int count, bool gradientCheckpointing)
    {
        using var scope = NewDisposeScope();
        using var model = new Transformer(Config);
        var loss = SupervisedTrainer.Loss(model, Batch);
        loss.backward();
        var expected = model.Parameters.ToDictionary(p => p.Key, p => p.Value.grad!.Floats());
        foreach (var parameter in model.Parameters.Values)
            parameter.grad = null;

        using var replicas = new Replicas(model, count: count);
        Assert.Equal(loss.item<float>(), SupervisedTrainer.Backward(replicas, Batch, gradientCheckpointing), 1e-5);
        foreach (var (name, gradient) in expected)
        {
            var scale = gradient.Max(Math.Abs);
            Assert.All(gradient.Zip(model.Parameters[name].grad!.Floats()), pair => Assert.InRange(pair.Second - pair.First, -1e-5 * scale, 1e-5 * scale));
        }
    }

    [Theory]
    [InlineData(ValueTrunk.Shared)]
    [InlineData(ValueTrunk.Separate)]
    public void A_view_sees_a_changed_weight_and_keeps_its_gradient_to_itself(ValueTrunk trunk)
    {
        using var scope = NewDisposeScope();
        using var model = new Transformer(Config);
        using var value = ValueFunction.Of(model, new() { Trunk = trunk });
        using var replicas = new Replicas(model, value, 2);
        using (no_grad())
            foreach (var parameter in model.Parameters.Values.Concat(value.Parameters.Values))
                parameter.Mul_(1.5);
        var ids = tensor((long[])[1, 2, 3, 4], [1, 4]).Here();
        var values = replicas.ForEach<int, float[]>([0, 1], _ => 1, (view, _) =>
        {
            using var inner = NewDisposeScope();
            var result = ValuesOf(view.Value!, view.Policy);
            result.sum().backward();
            return result.Floats();
        });
        Assert.Equal(values[0], values[1]);
        // Both views gave the same gradient, so the sum is twice what one gives.
        var both = value.Parameters["value.out.weight"].grad!.Floats();
        value.Parameters["value.out.weight"].grad = null;
        ValuesOf(value, model).sum().backward();
        Assert.Equal(value.Parameters["value.out.weight"].grad!.Floats().Select(g => 2 * g), both);

        Tensor ValuesOf(ValueFunction critic, Transformer policy)
        {
            var states = critic.NewStates();
            policy.Hidden(ids, [4], states: states);
            return critic.Values(ids, [4], states, tensor((long[])[3]).Here());
        }
    }

    [Fact]
    public void Results_keep_the_order_of_the_items_and_a_failure_is_thrown()
    {
        using var model = new Transformer(Config);
        using var replicas = new Replicas(model, count: 3);
        Assert.Equal([50, 10, 40, 20], replicas.ForEach([5, 1, 4, 2], x => x, (_, x) => 10 * x));
        var e = Assert.Throws<InvalidOperationException>(() => replicas.ForEach<int, int>([1, 2, 3], x => x, (_, x) => x == 2 ? throw new InvalidOperationException("two") : x));
        Assert.Equal("two", e.Message);
    }
}
