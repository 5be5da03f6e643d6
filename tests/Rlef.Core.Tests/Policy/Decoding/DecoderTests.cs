using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

public sealed class DecoderTests
{
    static readonly ModelConfig Small = new()
    {
        VocabSize = 61, HiddenSize = 32, IntermediateSize = 48, NumHiddenLayers = 2, NumAttentionHeads = 4, NumKeyValueHeads = 2,
        MaxPositionEmbeddings = 64, TieWordEmbeddings = false,
    };

    static Transformer Model(ModelConfig config, bool fused = false)
    {
        manual_seed(3);
        var model = new Transformer(config, fused ? CPU : Tensors.Device);
        // Larger weights than at birth, so that attention is far from uniform.
        using var _ = no_grad();
        foreach (var parameter in model.Parameters.Values.Where(p => p.dim() == 2))
            parameter.Mul_(6);
        return model;
    }

    public static TheoryData<bool, int, bool> Shapes => new() { { false, 2, false }, { true, 2, false }, { true, 4, true }, { true, 1, true } };

    [Theory, MemberData(nameof(Shapes))]
    public void Turn_by_turn_logits_equal_a_full_forward_pass(bool fused, int groups, bool tied)
    {
        using var model = Model(Small with { NumKeyValueHeads = groups, TieWordEmbeddings = tied }, fused);
        using IDecoder decoder = fused ? new FusedDecoder(model, 3, 64) : new TensorDecoder(model, 3, 64);
        var random = new Random(5);
        int[][] texts = [.. new[] { 17, 40, 29 }.Select(n => Enumerable.Range(0, n).Select(_ => random.Next(Small.VocabSize)).ToArray())];
        var read = new int[3];
        var logits = new float[3 * Small.VocabSize];
        for (var round = 0; read.Zip(texts).Any(p => p.First < p.Second.Length); round++)
        {
            int[] rows = [.. Enumerable.Range(0, 3).Reverse().Where(r => read[r] < texts[r].Length && (round + r) % 3 != 0)];
            if (rows.Length == 0)
                continue;
            ReadOnlyMemory<int>[] parts = [.. rows.Select(r => texts[r].AsMemory(read[r], Math.Min(texts[r].Length - read[r], 1 + (round + r) % 5)))];
            decoder.Append(rows, parts, logits);
            for (var i = 0; i < rows.Length; i++)
            {
                read[rows[i]] += parts[i].Length;
                AssertClose(Full(model, texts[rows[i]][..read[rows[i]]]), logits.AsSpan(i * Small.VocabSize, Small.VocabSize));
            }
        }
        Assert.Equal(texts.Select(t => t.Length), read);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_copied_beginning_goes_on_as_if_it_had_been_read(bool fused, int groups, bool tied)
    {
        using var model = Model(Small with { NumKeyValueHeads = groups, TieWordEmbeddings = tied }, fused);
        using IDecoder decoder = fused ? new FusedDecoder(model, 3, 64) : new TensorDecoder(model, 3, 64);
        int[] text = [.. Enumerable.Range(0, 50).Select(i => (3 * i + i * i) % Small.VocabSize)], other = [5, 6, 7, 8, 9];
        var logits = new float[Small.VocabSize];
        decoder.Append([0, 2], [text, other], []);
        // To another row, which held something else; from that one on; and back onto a row's own beginning.
        foreach (var (from, length, row) in new[] { (0, 33, 2), (2, 32, 1), (0, 50, 0), (0, 7, 0), (1, 0, 1) })
        {
            decoder.CopyPrefix(from, length, row);
            Assert.Equal(length, decoder.Length(row));
            decoder.Append([row], [other], logits);
            AssertClose(Full(model, [.. text[..length], .. other]), logits);
            decoder.CopyPrefix(row, length, row);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.CopyPrefix(0, 8, 1));
    }

    [Fact]
    public void The_fused_decoder_takes_over_changed_weights_and_forgets_reset_rows()
    {
        using var model = Model(Small, fused: true);
        using var decoder = new FusedDecoder(model, 1, 64);
        var logits = new float[Small.VocabSize];
        decoder.Append([0], [new[] { 1, 2, 3 }], logits);
        using (no_grad())
            model.Parameters.Values.First().Mul_(0.5);
        decoder.Refresh();
        decoder.Reset(0);
        decoder.Append([0], [new[] { 4, 5 }], logits);
        AssertClose(Full(model, [4, 5]), logits);
    }

    [Fact]
    public void A_full_row_says_so()
    {
        using var model = Model(Small);
        using var decoder = Decoders.Create(model, 1, 4);
        var e = Assert.Throws<InvalidOperationException>(() => decoder.Append([0], [new int[5]], new float[Small.VocabSize]));
        Assert.Contains("5 tokens", e.Message);
    }

    static float[] Full(Transformer model, int[] ids)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var hidden = model.Hidden(tensor([.. ids.Select(i => (long)i)], [1, ids.Length]).to(model.Device));
        return model.Logits(hidden.select(1, ids.Length - 1)).Floats();
    }

    static void AssertClose(float[] expected, ReadOnlySpan<float> actual)
    {
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4 * scale, $"logit {i}: {actual[i]} instead of {expected[i]}");
    }
}
