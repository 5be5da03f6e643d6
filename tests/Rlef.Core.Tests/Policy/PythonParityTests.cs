using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>The policy against what Python's torch computes for the same weights; Reference/make_reference.py made the values.</summary>
public sealed class PythonParityTests : IDisposable
{
    const int B = 3, T = 24;
    const double Tolerance = 1e-5;   // of the largest absolute value of the tensor

    static readonly ModelConfig Config = new()
    {
        VocabSize = 64, HiddenSize = 32, IntermediateSize = 48, NumHiddenLayers = 2, NumAttentionHeads = 4, NumKeyValueHeads = 2, MaxPositionEmbeddings = T,
    };

    readonly IDisposable scope = NewDisposeScope();
    readonly Transformer model = new(Config);
    readonly Dictionary<string, Tensor> reference = [];
    readonly List<SupervisedTrainer.Example> batch;

    public PythonParityTests()
    {
        foreach (var (name, shape) in (ReadOnlySpan<(string, long[])>)[("ids", [B, T]), ("logits", [B, T, Config.VocabSize]), ("losses", [20])])
            reference.Add(name, zeros(shape));
        foreach (var (name, parameter) in model.Parameters)
            foreach (var kind in (string[])["weights", "gradients", "trained"])
                reference.Add($"{kind}.{name}", zeros(parameter.shape));
        Safetensors.ReadInto(References.Path("policy.safetensors"), reference.Select(r => (r.Key, r.Value)));
        using (no_grad())
            foreach (var (name, parameter) in model.Parameters)
                parameter.copy_(reference[$"weights.{name}"]);
        batch = [.. reference["ids"].Floats().Chunk(T).Select(row =>
            new SupervisedTrainer.Example([.. row.Select(id => (int)id)], [.. row.Select((_, t) => t > 0)]))];
    }

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        float[] want = expected.Floats(), have = actual.Floats();
        var largest = want.Max(Math.Abs);
        Assert.True(largest > 0, $"{what}: the reference is empty");
        var worst = want.Zip(have).Max(p => Math.Abs((double)p.First - p.Second)) / largest;
        Assert.True(worst <= Tolerance, $"{what}: off by {worst:E2} of its largest value");
    }

    [Fact]
    public void Logits()
    {
        using var _ = no_grad();
        var ids = tensor(batch.SelectMany(e => e.Ids).Select(id => (long)id).ToArray(), [B, T]).Here();
        AssertClose(reference["logits"], model.Logits(model.Hidden(ids)), "logits");
    }

    [Fact]
    public void Decoded_logits()
    {
        foreach (var decoder in FusedDecoder.CanDecode(model) ? (IDecoder[])[new TensorDecoder(model, B, T), new FusedDecoder(model, B, T)] : [new TensorDecoder(model, B, T)])
            using (decoder)
            {
                var decoded = zeros([B, T, Config.VocabSize]);
                for (var t = 0; t < T; t++)
                {
                    var logits = new float[B * Config.VocabSize];
                    decoder.Append([0, 1, 2], [.. batch.Select(e => (ReadOnlyMemory<int>)e.Ids.AsMemory(t, 1))], logits);
                    decoded.narrow(1, t, 1).copy_(tensor(logits, [B, 1, Config.VocabSize]));
                }
                AssertClose(reference["logits"], decoded, decoder.GetType().Name);
            }
    }

    [Fact]
    public void Loss_and_every_gradient()
    {
        var loss = SupervisedTrainer.Loss(model, batch);
        Assert.Equal(reference["losses"].data<float>()[0], loss.item<float>(), Tolerance);
        loss.backward();
        foreach (var (name, parameter) in model.Parameters)
            AssertClose(reference[$"gradients.{name}"], parameter.grad!, name);
    }

    [Fact]
    public void Twenty_steps_of_AdamW()
    {
        using var optimizer = new AdamW(model.Parameters, decay: 0.1, epsilon: 1e-5);
        var losses = new float[20];
        for (var step = 0; step < losses.Length; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.ClearGradients();
            var loss = SupervisedTrainer.Loss(model, batch);
            loss.backward();
            optimizer.Step(2e-3);
            losses[step] = loss.item<float>();
        }
        AssertClose(reference["losses"], tensor(losses), "losses");
        Assert.True(losses[^1] < 0.8 * losses[0], "training should lower the loss");
        foreach (var (name, parameter) in model.Parameters)
            AssertClose(reference[$"trained.{name}"], parameter, name);
    }
}
