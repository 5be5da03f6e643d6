using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Packed sequences beside the same in rows of their own that are padded at the end.</summary>
public sealed class PackedSequenceTests
{
    static readonly int[] Lengths = [5, 1, 9, 9, 3];

    static Transformer Model(string type) => new(ModelConfig.Nano(16) with
    {
        ModelType = type,
        HiddenSize = 16,
        IntermediateSize = 24,
        NumHiddenLayers = 2,
        MaxPositionEmbeddings = 32,
        NumKeyValueHeads = type == "gpt2" ? 4 : 2,
    });

    static long Id(int row, int t) => (7 * row + 5 * t + row * t) % 16;

    // The hidden states of the sequences' own tokens, one behind the other.
    static Tensor Packed(Transformer model) => model.Hidden(
        tensor([.. Lengths.SelectMany((n, row) => Enumerable.Range(0, n).Select(t => Id(row, t)))], [1, Lengths.Sum()]).Here(), Lengths).squeeze(0);

    static Tensor Padded(Transformer model)
    {
        var width = Lengths.Max();
        var ids = tensor([.. Lengths.SelectMany((n, row) => Enumerable.Range(0, width).Select(t => t < n ? Id(row, t) : 3))], [Lengths.Length, width]).Here();
        var kept = tensor([.. Lengths.SelectMany((n, row) => Enumerable.Range(0, n).Select(t => (long)row * width + t))]).Here();
        return model.Hidden(ids).reshape(-1, model.Config.HiddenSize).index_select(0, kept);
    }

    static Dictionary<string, float[]> Gradients(Transformer model, Tensor hidden)
    {
        // Each place weighs differently, so that no two could be exchanged.
        (model.Logits(hidden).log_softmax(-1).select(1, 4) * Arithmetic.Range(Lengths.Sum(), Tensors.Device, ScalarType.Float32)).sum().backward();
        return model.Parameters.ToDictionary(p => p.Key, p =>
        {
            var gradient = p.Value.grad!.Floats();
            p.Value.grad = null;
            return gradient;
        });
    }

    static void AssertClose(float[] expected, float[] actual)
    {
        var scale = 1e-5 * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), p => Assert.InRange(p.Second - p.First, -scale, scale));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen3")]
    [InlineData("gpt2")]
    public void Hidden_states_and_gradients_are_those_of_padded_rows(string type)
    {
        using var scope = NewDisposeScope();
        using var model = Model(type);
        Tensor expected = Padded(model), actual = Packed(model);
        AssertClose(expected.Floats(), actual.Floats());
        var (padded, packed) = (Gradients(model, expected), Gradients(model, actual));
        foreach (var (name, gradient) in padded)
            AssertClose(gradient, packed[name]);
    }

    [Fact]
    public void Microbatches_hold_every_sequence_once_and_point_into_their_own_tokens()
    {
        var sequences = Enumerable.Range(1, 7).Select(n => Rlef.Core.Tests.Episodes.Sequence(Rlef.Core.Tests.Episodes.Of(null,
            [.. Enumerable.Range(0, n).Select(_ => Rlef.Core.Tests.Episodes.Turn(null, tokens: n))]))).ToList();
        var batches = Microbatch.Split(sequences, maxTokens: 40);
        Assert.Equal(sequences, batches.SelectMany(b => b.Sequences));
        Assert.All(batches, b => Assert.True(b.Tokens <= 40 || b.Sequences.Count == 1));
        Assert.Contains(batches, b => b.Sequences.Count > 1);
        using var scope = NewDisposeScope();
        foreach (var batch in batches)
        {
            var ids = batch.Ids(CPU).data<long>().ToArray();
            long[] positions = batch.Positions(CPU).data<long>().ToArray(), targets = batch.Targets(CPU).data<long>().ToArray();
            Assert.Equal(batch.Sequences.SelectMany(s => s.Ids).Select(i => (long)i), ids);
            Assert.Equal(targets, positions.Select(p => ids[p + 1]));
            // A value is read before the first token of a response, which is 10 behind the prompt's 3.
            Assert.All(batch.Sites(CPU).data<long>().ToArray(), s => Assert.Equal((3, 10), (ids[s], ids[s + 1])));
            batch.Scatter(tensor([.. Enumerable.Range(0, positions.Length).Select(i => (float)i)]), s => s.Advantages);
            Assert.Equal(Enumerable.Range(0, positions.Length).Select(i => (double)i), batch.Sequences.SelectMany(s => s.Advantages));
        }
    }
}
