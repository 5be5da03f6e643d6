using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Core.Tests.Dialogue;

public sealed class RolloutCollectorTests
{
    /// <summary>Says the answers of a script, one after the other, and keeps what it was shown.</summary>
    sealed class Script(int vocabulary, params int[][] answers) : IDecoder
    {
        public List<int> Seen { get; } = [];
        int answer, said;

        public int Capacity => 1;
        public int VocabularySize => vocabulary;
        public int MaxLength => 2000;
        public int Length(int row) => Seen.Count;
        public void Reset(int row) => Seen.Clear();
        public void Refresh() { }
        public void Dispose() { }

        public void Append(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, Span<float> logits)
        {
            Seen.AddRange(tokens[0].Span);
            if (said == answers[answer].Length)
                (answer, said) = (answer + 1, 0);
            logits.Clear();
            logits[answers[answer][said++]] = 100;
        }
    }

    /// <summary>Finds every program wrong.</summary>
    sealed class Strict : IJudge
    {
        public Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false, CancellationToken cancellation = default) =>
            Task.FromResult(Episodes.Judged(VerdictKind.WrongAnswer));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("chatml")]
    [InlineData("llama3")]
    [InlineData("llama2")]
    public async Task The_learner_gets_the_tokens_that_the_policy_saw_and_wrote(string style)
    {
        var format = new ChatFormat(ChatModels.Files(style));
        var tokenizer = format.Tokenizer;
        // Bytes one by one, as a tokenizer would never cut them; the second answer is cut at the limit.
        int[] bytes = [.. "```python\nprint(1)\n```".SelectMany(c => tokenizer.Encode(c.ToString()))];
        int[][] answers = [[.. bytes, format.EndToken], [.. Enumerable.Repeat(bytes[3], 40)], [.. format.Response("Done.")]];
        var decoder = new Script(tokenizer.VocabularySize, answers);
        var wording = DialogueWording.CodeContests;
        var episode = (await new RolloutCollector(decoder, format, new Strict()).CollectAsync([new(Episodes.Problem, 0, 1)], 1,
            new(wording, new RealFeedback(wording), new(Temperature: 0, MaxTokens: 40))))[0];

        Assert.Equal(answers, episode.Turns.Select(t => t.Response));
        Assert.Equal([false, true, false], episode.Turns.Select(t => t.Truncated));
        Assert.Equal("print(1)\n", episode.Turns[0].Code!.Program);
        Assert.Equal("Done.", episode.Turns[2].Text);
        var sequence = new TrainingSequence(episode, AdvantageLevel.Turn);
        // All but the last token were shown to the decoder, each once, in this order.
        Assert.Equal(sequence.Ids[..^1], decoder.Seen);
        Assert.Equal(answers.SelectMany(a => a), sequence.Positions.Select(p => sequence.Ids[p + 1]));
        Assert.Equal(format.FirstPrompt(wording.FirstMessage("s")), sequence.Ids[..episode.Turns[0].Prompt.Length]);
        Assert.Equal(format.EndToken, episode.Turns[2].Prompt.First(tokenizer.IsAdded));
        Assert.NotEqual(episode.Turns[1].Prompt.Count(t => t == format.EndToken), episode.Turns[2].Prompt.Count(t => t == format.EndToken));
    }
}
