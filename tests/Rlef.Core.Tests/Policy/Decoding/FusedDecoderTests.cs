using Rlef.Policy;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

public sealed class FusedDecoderTests
{
    const int Capacity = 9, MaxLength = 90;

    // Head sizes 8, 32 and 24, sizes off the kernels' grain, one group, several and as many as heads, both kinds of head.
    public static TheoryData<int, int, int, int, int, bool> Shapes => new()
    {
        { 32, 48, 4, 2, 61, true },
        { 128, 352, 4, 2, 512, true },
        { 96, 100, 4, 4, 130, false },
        { 64, 176, 2, 1, 64, false },
        { 48, 72, 2, 2, 33, true },
    };

    static Transformer Model(int d, int feedForward, int heads, int groups, int vocabulary, bool tied, int layers = 3)
    {
        manual_seed(d + groups);
        var model = new Transformer(new ModelConfig
        {
            VocabSize = vocabulary, HiddenSize = d, IntermediateSize = feedForward, NumHiddenLayers = layers, NumAttentionHeads = heads,
            NumKeyValueHeads = groups, MaxPositionEmbeddings = 128, TieWordEmbeddings = tied,
        }, CPU);
        // Weights of trained size: at the initial ones attention is all but flat.
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in model.Parameters)
            parameter.copy_(name.Contains("norm") ? rand(parameter.shape).Add(0.5) : randn(parameter.shape).Mul(1.5 / Math.Sqrt(d)));
        return model;
    }

    static int[] Ids(Random random, int count, int vocabulary) => [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];

    static float[][] Append(IDecoder decoder, int vocabulary, params (int Row, int[] Ids)[] work)
    {
        var logits = new float[work.Length * vocabulary];
        decoder.Append(work.Select(w => w.Row).ToArray(), work.Select(w => (ReadOnlyMemory<int>)w.Ids).ToArray(), logits);
        return [.. logits.Chunk(vocabulary)];
    }

    static double Difference(float[][] a, float[][] b) => a.Zip(b).Max(rows => rows.First.Zip(rows.Second).Max(x => Math.Abs(x.First - x.Second)));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Logits_equal_the_tensor_decoder(int d, int feedForward, int heads, int groups, int vocabulary, bool tied)
    {
        using var model = Model(d, feedForward, heads, groups, vocabulary, tied);
        using var fused = new FusedDecoder(model, Capacity, MaxLength, threads: 2);
        using var reference = new TensorDecoder(model, Capacity, MaxLength);
        var random = new Random(d);
        for (var call = 0; call < 12; call++)
        {
            // Rows come and go in any order, with prompts, single tokens and further turns side by side.
            var rows = Enumerable.Range(0, Capacity).ToArray();
            random.Shuffle(rows);
            var work = rows.Take(random.Next(1, Capacity + 1)).Select(row => (row, Ids(random, random.Next(3) == 0 ? random.Next(1, 30) : 1, vocabulary))).ToArray();
            foreach (var (row, ids) in work)
                if (random.Next(8) == 0 || fused.Length(row) + ids.Length > MaxLength)
                {
                    fused.Reset(row);
                    reference.Reset(row);
                }
            var (mine, theirs) = (Append(fused, vocabulary, work), Append(reference, vocabulary, work));
            Assert.InRange(Difference(mine, theirs), 0, 1e-4);
            Assert.True(theirs.Max(l => l.Max(Math.Abs)) > 0.5, "the logits should not be small");
            Assert.All(work, w => Assert.Equal(reference.Length(w.row), fused.Length(w.row)));
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Weights_of_16_bits_are_computed_with_in_32(ScalarType dtype)
    {
        using var wide = Model(96, 100, 4, 2, 130, true);
        using var narrow = new Transformer(wide.Config, CPU, dtype);
        using (no_grad())
            foreach (var (name, parameter) in wide.Parameters)
            {
                narrow.Parameters[name].copy_(parameter);
                parameter.copy_(narrow.Parameters[name]);
            }
        using IDecoder expected = new FusedDecoder(wide, 2, MaxLength), decoder = Decoders.Create(narrow, 2, MaxLength);
        Assert.IsType<FusedDecoder>(decoder);
        Assert.Equal(Append(expected, 130, (0, [1, 2, 3]), (1, [7])), Append(decoder, 130, (0, [1, 2, 3]), (1, [7])));
        using (no_grad())
            narrow.Parameters["model.norm.weight"].zero_();
        decoder.Refresh();
        Assert.All(Append(decoder, 130, (0, [4]))[0], x => Assert.Equal(0, x));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_row_does_not_feel_its_neighbours(int d, int feedForward, int heads, int groups, int vocabulary, bool tied)
    {
        using var model = Model(d, feedForward, heads, groups, vocabulary, tied);
        using var together = new FusedDecoder(model, Capacity, MaxLength, threads: 2);
        using var alone = new FusedDecoder(model, 1, MaxLength, threads: 1);
        var random = new Random(d);
        var prompts = Enumerable.Range(0, Capacity).Select(row => (row, Ids(random, 1 + 7 * row, vocabulary))).ToArray();
        var answers = prompts.Select(p => (p.row, Ids(random, 3, vocabulary))).ToArray();
        var first = Append(together, vocabulary, prompts);
        var second = Append(together, vocabulary, answers);
        for (var row = 0; row < Capacity; row++)
        {
            alone.Reset(0);
            Assert.Equal(first[row], Append(alone, vocabulary, (0, prompts[row].Item2))[0]);
            Assert.Equal(second[row], Append(alone, vocabulary, (0, answers[row].Item2))[0]);
            // One token at a time.
            alone.Reset(0);
            float[] last = [];
            foreach (var id in prompts[row].Item2.Concat(answers[row].Item2))
                last = Append(alone, vocabulary, (0, [id]))[0];
            Assert.Equal(second[row], last);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_single_row_that_threads_help_with_is_the_same_to_the_bit(int threads)
    {
        const int vocabulary = 1000;
        using var model = Model(256, 704, 4, 2, vocabulary, tied: true);
        using var helped = new FusedDecoder(model, 2, MaxLength, threads);
        using var alone = new FusedDecoder(model, 2, MaxLength, threads: 1);
        var random = new Random(threads);
        for (var dialogue = 0; dialogue < 3; dialogue++)
        {
            helped.Reset(1);
            alone.Reset(1);
            // A prompt of more than one chunk, then token by token.
            foreach (var ids in (int[][])[Ids(random, 60, vocabulary), .. Enumerable.Range(0, 25).Select(_ => Ids(random, 1, vocabulary))])
                Assert.Equal(Append(alone, vocabulary, (1, ids))[0], Append(helped, vocabulary, (1, ids))[0]);
        }
    }

    [Fact]
    public void Refresh_takes_over_changed_weights()
    {
        using var model = Model(64, 176, 2, 1, 64, tied: true);
        using var decoder = new FusedDecoder(model, 1, MaxLength);
        int[] ids = [5, 6, 7];
        var before = Append(decoder, 64, (0, ids));
        using (no_grad())
            foreach (var parameter in model.Parameters.Values)
                parameter.Mul_(1.25);
        decoder.Reset(0);
        Assert.Equal(before[0], Append(decoder, 64, (0, ids))[0]);
        decoder.Refresh();
        decoder.Reset(0);
        using var reference = new TensorDecoder(model, 1, MaxLength);
        Assert.InRange(Difference(Append(reference, 64, (0, ids)), Append(decoder, 64, (0, ids))), 0, 1e-4);
        Assert.True(Difference(before, Append(reference, 64, (0, ids))) > 1e-2);
    }

    [Fact]
    public void Bad_calls_are_refused_and_change_nothing()
    {
        using var model = Model(32, 48, 4, 2, 61, tied: true);
        using var decoder = new FusedDecoder(model, 2, 10);
        var good = Append(decoder, 61, (0, [1, 2, 3]));
        Assert.Contains("11 tokens", Assert.Throws<InvalidOperationException>(() => Append(decoder, 61, (1, [1]), (0, new int[8]))).Message);
        Assert.Throws<ArgumentException>(() => Append(decoder, 61, (0, [61])));
        Assert.Throws<ArgumentException>(() => Append(decoder, 61, (0, [-1])));
        Assert.Throws<ArgumentException>(() => Append(decoder, 61, (0, [])));
        Assert.Throws<ArgumentException>(() => Append(decoder, 60, (0, [1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FusedDecoder(model, 1, 129));
        Assert.Equal(3, decoder.Length(0));
        Assert.Equal(0, decoder.Length(1));
        Assert.Equal(good[0], Append(decoder, 61, (1, [1, 2, 3]))[0]);
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Append(decoder, 61, (0, [1])));
        Assert.Throws<ObjectDisposedException>(decoder.Refresh);
    }

    [Fact]
    public void The_choice_follows_the_type()
    {
        using var model = Model(32, 48, 4, 2, 61, tied: true);
        using var decoder = Decoders.Create(model, 2, 10);
        Assert.IsType<FusedDecoder>(decoder);
        using var wide = new Transformer(model.Config, CPU, ScalarType.Float64);
        using var other = Decoders.Create(wide, 2, 10);
        Assert.IsType<TensorDecoder>(other);
    }
}
