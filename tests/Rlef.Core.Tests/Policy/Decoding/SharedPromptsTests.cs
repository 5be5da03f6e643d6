using Rlef.Policy;
using Rlef.Randomness;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Dialogues that begin alike say what they say alone, and their prompt is read once.</summary>
public sealed class SharedPromptsTests
{
    const int V = 61;

    /// <summary>A decoder that counts the tokens which it is shown.</summary>
    sealed class Counting(IDecoder inner) : IDecoder
    {
        public int Shown { get; private set; }

        public int Capacity => inner.Capacity;
        public int VocabularySize => inner.VocabularySize;
        public int MaxLength => inner.MaxLength;
        public int Length(int row) => inner.Length(row);
        public void Reset(int row) => inner.Reset(row);
        public void CopyPrefix(int from, int length, int row) => inner.CopyPrefix(from, length, row);
        public void Refresh() => inner.Refresh();
        public void Dispose() => inner.Dispose();

        public void Append(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, Span<float> logits)
        {
            foreach (var part in tokens)
                Shown += part.Length;
            inner.Append(rows, tokens, logits);
        }
    }

    static readonly int[] Long = [.. Enumerable.Range(0, 12).Select(i => 5 * i * i % V)], Other = [.. Long[..8], 3, 4], Single = [7];

    static OpenResponse Response(int row, int[] prompt, int dialogue) => new(row, prompt, RandomStream.For(3, dialogue), new Sampling(1, MaxTokens: 10), _ => false);

    static void Say(IDecoder decoder, params OpenResponse[] responses)
    {
        while (responses.Any(r => !r.Ended))
            decoder.Sample([.. responses.Where(r => !r.Ended)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Samples_of_a_problem_cost_one_prompt_and_say_what_they_say_alone(bool fused)
    {
        manual_seed(11);
        using var model = new Transformer(ModelConfig.Nano(V) with { HiddenSize = 32, IntermediateSize = 48, NumHiddenLayers = 2, NumAttentionHeads = 4, NumKeyValueHeads = 2 });
        using var decoder = new Counting(fused ? new FusedDecoder(model, 6, 64) : new TensorDecoder(model, 6, 64));
        var prompts = new SharedPrompts(decoder);
        int[][] asked = [Long, Other, Long, Single, Long, Single];
        OpenResponse[] responses = [.. asked.Select((prompt, row) => Response(row, prompt, row))];
        prompts.Read(responses);
        Assert.Equal(Long.Length - 1, decoder.Shown);
        Say(decoder, responses);
        // The last token of a response is not shown.
        var said = responses.Sum(r => r.Tokens.Count - 1);
        Assert.Equal(Long.Length + 2 + Other.Length + 2 + said, decoder.Shown);

        // One that begins later finds the prompt on a row that went on; one that is reset holds it no more.
        decoder.Reset(1);
        decoder.Reset(3);
        OpenResponse[] later = [Response(1, Long, 6), Response(3, Other, 7)];
        var before = decoder.Shown;
        prompts.Read(later);
        Assert.Equal((before, 1, Other.Length), (decoder.Shown, later[0].Pending.Length, later[1].Pending.Length));
        Say(decoder, later);

        foreach (var (response, prompt, dialogue) in responses.Zip(asked, Enumerable.Range(0, 6)).Concat([(later[0], Long, 6), (later[1], Other, 7)]))
        {
            using IDecoder lone = fused ? new FusedDecoder(model, 1, 64) : new TensorDecoder(model, 1, 64);
            var alone = Response(0, prompt, dialogue);
            Say(lone, alone);
            Assert.Equal(alone.Tokens, response.Tokens);
            if (fused)
                Assert.Equal(alone.LogProbs, response.LogProbs);
        }
    }
}
