using Rlef.Policy;
using Rlef.Randomness;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Responses drawn in blocks on the device beside the same drawn by the host token by token.</summary>
public sealed class SampleTests
{
    const int Capacity = 5, V = 61;

    static Transformer Model(string type, int positions = 96, ScalarType dtype = ScalarType.Float32)
    {
        manual_seed(11);
        var model = new Transformer(ModelConfig.Nano(V) with
        {
            ModelType = type,
            HiddenSize = 32,
            IntermediateSize = 48,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            NumKeyValueHeads = type == "gpt2" ? 4 : 2,
            MaxPositionEmbeddings = positions,
        }, Tensors.Device);
        // Of trained size: at the initial ones attention is all but flat, and every token about as likely.
        using var _ = no_grad();
        foreach (var parameter in model.Parameters.Values.Where(p => p.dim() == 2))
            parameter.Mul_(6);
        if (dtype == ScalarType.Float32)
            return model;
        var narrow = new Transformer(model.Config, model.Device, dtype);
        narrow.CopyFrom(model);
        model.Dispose();
        return narrow;
    }

    static OpenResponse Response(int row, int[] prompt, int turn, Sampling sampling) => new(row, prompt, RandomStream.For(5, row, turn), sampling with { MaxTokens = 20 }, token => token % 13 == 0);

    static int[] Prompt(int row, int length) => [.. Enumerable.Range(0, length).Select(i => (7 * row + 3 * i + i * i) % V)];

    // Two turns of each row: they begin at different times, end at different lengths, and go on from what was said.
    static List<OpenResponse> Play(TensorDecoder decoder, Sampling sampling, params IReadOnlyList<int> rows)
    {
        Queue<int> waiting = new(rows);
        List<OpenResponse> open = [], ended = [];
        while (waiting.Count > 0 || open.Count > 0)
        {
            if (waiting.TryDequeue(out var row))
            {
                decoder.Reset(row);
                open.Add(Response(row, Prompt(row, 1 + 3 * row), 0, sampling));
            }
            decoder.Sample(open.ToArray());
            foreach (var response in open.Where(r => r.Ended).ToArray())
            {
                open.Remove(response);
                var first = ended.TrueForAll(r => r.Row != response.Row);
                ended.Add(response);
                Assert.Equal(1 + 3 * response.Row + response.Tokens.Count - 1 + (first ? 0 : 4 + ended.First(r => r.Row == response.Row).Tokens.Count), decoder.Length(response.Row));
                if (first)
                    open.Add(Response(response.Row, [response.Tokens[^1], .. Prompt(response.Row + 9, 4)], 1, sampling));
            }
        }
        return [.. ended.OrderBy(r => r.Row)];
    }

    static void AssertSame(IReadOnlyList<OpenResponse> expected, IReadOnlyList<OpenResponse> actual)
    {
        Assert.Equal(expected.Select(r => r.Tokens), actual.Select(r => r.Tokens));
        Assert.Equal(expected.Select(r => r.Truncated), actual.Select(r => r.Truncated));
        foreach (var (want, have) in expected.SelectMany(r => r.LogProbs).Zip(actual.SelectMany(r => r.LogProbs)))
            Assert.Equal(want, have, 1e-3);
    }

    public static TheoryData<string, double, double, int> Cases => new()
    {
        { "llama", 1, 1, 16 }, { "llama", 0, 1, 5 }, { "llama", 0.8, 0.9, 3 }, { "qwen2", 1, 1, 1 }, { "qwen3", 1, 0.95, 7 }, { "gpt2", 1, 1, 16 }, { "gpt2", 0.7, 0.8, 4 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Blocks_say_what_the_host_would_have_drawn(string type, double temperature, double topP, int block)
    {
        using var model = Model(type);
        var sampling = new Sampling(temperature, topP);
        using var host = new TensorDecoder(model, Capacity, 96, block: 0);
        using var device = new TensorDecoder(model, Capacity, 96, block);
        Assert.Equal((1, block), (host.Block, device.Block));
        var expected = Play(host, sampling, 0, 1, 2, 3, 4);
        AssertSame(expected, Play(device, sampling, 0, 1, 2, 3, 4));
        // The same again on used rows, and with other neighbours.
        AssertSame(expected, Play(device, sampling, 3, 1, 4, 0, 2));
        AssertSame([.. expected.Where(r => r.Row == 2)], Play(device, sampling, 2));
        if (temperature > 0)
            Assert.True(expected.Select(r => r.Tokens.Count).Distinct().Count() > 2, "responses should differ in length");
    }

    [Fact]
    public void Long_dialogues_pass_from_one_shape_to_the_next()
    {
        using var model = Model("llama", positions: 600);
        using var host = new TensorDecoder(model, 2, 600, block: 0);
        using var device = new TensorDecoder(model, 2, 600, block: 16);
        OpenResponse[] Sample(TensorDecoder decoder)
        {
            OpenResponse[] responses = [Response(0, Prompt(0, 245), 0, most: 300), Response(1, Prompt(1, 3), 0, most: 300)];
            while (responses.Any(r => !r.Ended))
                decoder.Sample(responses.Where(r => !r.Ended).ToArray());
            return responses;
        }
        // No token ends these.
        static OpenResponse Response(int row, int[] prompt, int turn, int most) => new(row, prompt, RandomStream.For(6, row, turn), new(1, 1, most), _ => false);
        AssertSame(Sample(host), Sample(device));
    }

    [Fact]
    public void A_dialogue_may_fill_its_row_to_the_end_and_no_further()
    {
        using var model = Model("gpt2", positions: 24);
        using var host = new TensorDecoder(model, 2, 24, block: 0);
        using var device = new TensorDecoder(model, 2, 24, block: 16);
        OpenResponse[] Sample(TensorDecoder decoder)
        {
            // One ends long before the block does; the other has just enough room, and then as much as is left for a single token.
            OpenResponse[] responses = [new(0, Prompt(0, 2), RandomStream.For(1), new(1, 1, 3), _ => false), new(1, Prompt(1, 14), RandomStream.For(2), new(1, 1, 10), _ => false)];
            while (responses.Any(r => !r.Ended))
                decoder.Sample(responses.Where(r => !r.Ended).ToArray());
            OpenResponse last = new(1, responses[1].Pending, RandomStream.For(3), new(1, 1, 1), _ => false);
            decoder.Sample([last]);
            Assert.Equal(24, decoder.Length(1));
            return [.. responses, last];
        }
        AssertSame(Sample(host), Sample(device));
        device.Reset(0);
        Assert.Contains("25 tokens", Assert.Throws<InvalidOperationException>(() => device.Sample([new(0, Prompt(0, 15), RandomStream.For(1), new(1, 1, 11), _ => false)])).Message);
    }
}
