using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;

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
        public void CopyPrefix(int from, int length, int row) => throw new NotSupportedException();
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

    /// <summary>Answers every message by a program whose length follows from what the row has seen, and writes down who was decoded together.</summary>
    sealed class Talker(PolicyTokenizer tokenizer, int end, int capacity) : IDecoder
    {
        readonly List<int>[] seen = [.. Enumerable.Range(0, capacity).Select(_ => new List<int>())];
        readonly Queue<int>[] answers = [.. Enumerable.Range(0, capacity).Select(_ => new Queue<int>())];

        public List<string> Calls { get; } = [];
        public int Capacity => capacity;
        public int VocabularySize => tokenizer.VocabularySize;
        public int MaxLength => 4000;
        public int Length(int row) => seen[row].Count;
        public void Reset(int row) => seen[row].Clear();
        public void CopyPrefix(int from, int length, int row) => throw new NotSupportedException();
        public void Refresh() { }
        public void Dispose() { }

        public void Append(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, Span<float> logits)
        {
            logits.Clear();
            List<string> call = [];
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i];
                seen[row].AddRange(tokens[i].Span);
                call.Add($"{row}:{string.Join(' ', tokens[i].ToArray())}");
                if (tokens[i].Length > 1)
                    answers[row] = new([.. tokenizer.Encode($"```python\n{new string('x', 1 + seen[row].Sum() % 50)}\n```"), end]);
                logits[i * VocabularySize + answers[row].Dequeue()] = 100;
            }
            Calls.Add(string.Join(", ", call));
        }
    }

    /// <summary>Finds every program wrong, and in each some other place; a slow one lets others go first.</summary>
    sealed class Patient(bool slow) : IJudge
    {
        public async Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false, CancellationToken cancellation = default)
        {
            for (var i = 0; slow && i < 1000; i++)
                await Task.Yield();
            return Episodes.Judged(program.Length % 2 == 0 ? VerdictKind.WrongAnswer : VerdictKind.RuntimeError);
        }
    }

    // 9 episodes whose answers are of many lengths.
    static async Task<(ImmutableArray<Episode> Episodes, List<string> Calls)> PlayAsync(int capacity, bool slow = false)
    {
        var format = new ChatFormat(ChatModels.Files("plain"));
        using var decoder = new Talker(format.Tokenizer, format.EndToken, capacity);
        var wording = DialogueWording.CodeContests;
        var requests = Enumerable.Range(0, 9).Select(i => new RolloutRequest(Episodes.Problem with { Statement = new string('s', i) }, i, 7, i));
        var finished = new List<int>();
        var collector = new RolloutCollector(decoder, format, new Patient(slow));
        var episodes = await collector.CollectAsync([.. requests], 5,
            new(wording, new RealFeedback(wording), new(Temperature: 0, MaxTokens: 60), JudgeFailedPrograms: true), new Counter(finished), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 9), finished.Order());
        Assert.Equal(episodes.Sum(e => e.Turns.Length + 1), collector.Cost.Executions);
        return (episodes, decoder.Calls);
    }

    sealed class Counter(List<int> heard) : IProgress<Episode>
    {
        public void Report(Episode value) => heard.Add(value.Sample);
    }

    [Fact]
    public async Task Episodes_are_the_same_however_many_are_played_at_once()
    {
        var all = await PlayAsync(9);
        foreach (var capacity in (int[])[1, 2, 4])
        {
            var few = await PlayAsync(capacity);
            Assert.Equal(all.Episodes.Select(e => e.Sample), few.Episodes.Select(e => e.Sample));
            Assert.Equal(all.Episodes.SelectMany(e => e.Turns).SelectMany(t => t.Response), few.Episodes.SelectMany(e => e.Turns).SelectMany(t => t.Response));
            Assert.Equal(all.Episodes.SelectMany(e => e.Turns).SelectMany(t => t.LogProbs), few.Episodes.SelectMany(e => e.Turns).SelectMany(t => t.LogProbs));
        }
    }

    [Fact]
    public async Task A_free_row_is_taken_while_other_episodes_still_speak()
    {
        var (_, calls) = await PlayAsync(4);
        var together = calls.Select(c => c.Split(", ")).ToArray();
        Assert.Contains(together, rows => rows.Length > 1 && rows.Select(r => r.Split(' ').Length).Distinct().Count() > 1);
        var sequential = await PlayAsync(1);
        Assert.True(calls.Count < sequential.Calls.Count / 2);
    }

    [Fact]
    public async Task What_is_decoded_together_does_not_depend_on_how_long_the_judge_takes() =>
        Assert.Equal((await PlayAsync(4)).Calls, (await PlayAsync(4, slow: true)).Calls);

    [Fact]
    public async Task Responses_drawn_in_blocks_make_the_same_episodes()
    {
        var format = new ChatFormat(ChatModels.Files("plain"));
        TorchSharp.torch.manual_seed(4);
        using var model = new Transformer(ModelConfig.Nano(format.Tokenizer.VocabularySize) with
        {
            HiddenSize = 16,
            IntermediateSize = 16,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            NumKeyValueHeads = 1,
            MaxPositionEmbeddings = 2000,
        }, Tensors.Device);
        using (TorchSharp.torch.no_grad())
            foreach (var parameter in model.Parameters.Values.Where(p => p.dim() == 2))
                parameter.Mul_(20);
        var wording = DialogueWording.CodeContests;
        async Task<(Episode[] Episodes, long Tokens)> PlayAsync(int block, int capacity)
        {
            using var decoder = new TensorDecoder(model, capacity, 2000, block);
            var collector = new RolloutCollector(decoder, format, new Strict());
            var requests = Enumerable.Range(0, 5).Select(i => new RolloutRequest(Episodes.Problem with { Statement = new string('s', i) }, i, 7, i));
            // Most responses are cut at 21 tokens, inside a block.
            var played = await collector.CollectAsync([.. requests], 5, new(wording, new RealFeedback(wording), new(MaxTokens: 21)), cancellation: TestContext.Current.CancellationToken);
            return ([.. played], collector.Cost.GeneratedTokens);
        }
        var (expected, tokens) = await PlayAsync(block: 0, capacity: 5);
        Assert.Equal(tokens, expected.SelectMany(e => e.Turns).Sum(t => t.Response.Length));
        foreach (var (block, capacity) in ((int, int)[])[(8, 5), (16, 2), (1, 3)])
        {
            var (actual, drawn) = await PlayAsync(block, capacity);
            Assert.Equal(expected.SelectMany(e => e.Turns).SelectMany(t => t.Response), actual.SelectMany(e => e.Turns).SelectMany(t => t.Response));
            Assert.Equal(expected.SelectMany(e => e.Turns).Select(t => t.Truncated), actual.SelectMany(e => e.Turns).Select(t => t.Truncated));
            Assert.Equal(tokens, drawn);
        }
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
        var sequence = Episodes.Sequence(episode);
        // All but the last token were shown to the decoder, each once, in this order.
        Assert.Equal(sequence.Ids[..^1], decoder.Seen);
        Assert.Equal(answers.SelectMany(a => a), sequence.Positions.Select(p => sequence.Ids[p + 1]));
        Assert.Equal(format.FirstPrompt(wording.FirstMessage("s")), sequence.Ids[..episode.Turns[0].Prompt.Length]);
        Assert.Equal(format.EndToken, episode.Turns[2].Prompt.First(tokenizer.IsAdded));
        Assert.NotEqual(episode.Turns[1].Prompt.Count(t => t == format.EndToken), episode.Turns[2].Prompt.Count(t => t == format.EndToken));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("chatml")]
    public async Task A_dialogue_begins_with_what_was_given_and_nothing_is_learned_about_it(string style)
    {
        var format = new ChatFormat(ChatModels.Files(style));
        var own = format.Response("(2)\n```");
        var decoder = new Script(format.Tokenizer.VocabularySize, [own]);
        var wording = DialogueWording.CodeContests;
        var start = new RolloutStart(["```python\nprint(0)\n```", "No idea."], "```python\nprint");
        var episode = (await new RolloutCollector(decoder, format, new Strict()).CollectAsync([new(Episodes.Problem, 0, 1) { Start = start }], 1,
            new(wording, new RealFeedback(wording), new(Temperature: 0, MaxTokens: 60), TurnLimit: 1)))[0];

        Assert.Equal([true, true, false], episode.Turns.Select(t => t.Given));
        Assert.Equal(["print(0)\n", null, "print(2)\n"], episode.Turns.Select(t => t.Code?.Program));
        Assert.NotNull(episode.Turns[0].Public);
        Assert.Contains("failed", episode.Turns[1].Observation);
        Assert.Equal("```python\nprint(2)\n```", episode.Last.Text);
        var sequence = Episodes.Sequence(episode);
        Assert.Equal(sequence.Ids[..^1], decoder.Seen);
        Assert.Equal(own, sequence.Positions.Select(p => sequence.Ids[p + 1]));
        Assert.All(sequence.TurnOf, t => Assert.Equal(2, t));
        // Missing code in given turns is nobody's fault, and what the given turns pay is not the policy's.
        Assert.Equal([0, 0, -1], new RlefReward().Score(episode).Turns);
        Assert.Equal([-1], TrainingSequence.Of(episode, new([5, 5, -1])).TurnPay);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("chatml")]
    [InlineData("llama3")]
    public async Task Examples_stand_before_a_dialogue_as_if_they_had_been_played(string style)
    {
        var format = new ChatFormat(ChatModels.Files(style));
        var wording = DialogueWording.CodeContests;
        int[][] answers = [format.Response("```python\nprint(1)\n```"), format.Response("```python\nprint(2)\n```")];
        var options = new RolloutOptions(wording, new RealFeedback(wording), new(Temperature: 0, MaxTokens: 60), TurnLimit: 2);
        async Task<(Episode, List<int>)> PlayAsync(RolloutOptions options)
        {
            var decoder = new Script(format.Tokenizer.VocabularySize, answers);
            return ((await new RolloutCollector(decoder, format, new Strict()).CollectAsync([new(Episodes.Problem, 0, 1)], 1, options))[0], decoder.Seen);
        }
        var (shown, _) = await PlayAsync(options);
        var (episode, seen) = await PlayAsync(options with { Examples = new([.. shown.Turns.Select(t => new Examples.Exchange(t.Observation, t.Text))]) });
        int[] whole = [.. shown.Turns.SelectMany(t => t.Prompt.Concat(t.Response))];
        Assert.Equal([.. whole, .. format.NextPrompt(episode.Turns[0].Observation, format.EndToken)], episode.Turns[0].Prompt);
        Assert.Equal(shown.Turns.Select(t => t.Response), episode.Turns.Select(t => t.Response));
        Assert.Equal([.. episode.Turns.SelectMany(t => t.Prompt.Concat(t.Response)).SkipLast(1)], seen);
        Assert.All(Episodes.Sequence(episode).Positions, p => Assert.True(p >= whole.Length));
    }

    [Fact]
    public async Task A_problem_without_room_is_told_before_any_is_played()
    {
        var format = new ChatFormat(ChatModels.Files("plain"));
        var decoder = new Script(format.Tokenizer.VocabularySize, [format.Response("Done.")]);
        Problem Long(string id, int length) => Episodes.Problem with { Id = id, Statement = string.Concat(Enumerable.Repeat("é?", length)) };
        var wording = DialogueWording.CodeContests;
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => new RolloutCollector(decoder, format, new Strict()).CollectAsync(
            [new(Episodes.Problem, 0, 1), new(Long("b", 2000), 0, 2), new(Long("c", 3000), 0, 3), new(Long("c", 3000), 1, 4)], 1, new(wording, new RealFeedback(wording), new(Temperature: 0, MaxTokens: 60))));
        Assert.Matches("^Problem 'b' needs [0-9]+ tokens for its first turn, but a dialogue may have 2000: .* 1 more are too long; the longest needs [0-9]+\\.$", e.Message);
        Assert.Empty(decoder.Seen);
    }

    [Fact]
    public async Task A_draft_is_handed_in_first_and_a_right_one_leaves_nothing_to_do()
    {
        var format = new ChatFormat(ChatModels.Files("plain"));
        var wording = DialogueWording.CodeContests;
        async Task<Episode> PlayAsync(IJudge judge) => (await new RolloutCollector(new Script(format.Tokenizer.VocabularySize, [format.Response("Done.")]), format, judge).CollectAsync(
            [new(Episodes.Problem with { Draft = "x = 1\n" }, 0, 1)], 1, new(wording, new RealFeedback(wording), new(Temperature: 0, MaxTokens: 60), TurnLimit: 1)))[0];
        var wrong = await PlayAsync(new Strict());
        Assert.Equal([("x = 1\n", true), (null, false)], wrong.Turns.Select(t => (t.Code?.Program, t.Given)));
        var right = await PlayAsync(new Lenient());
        Assert.True(Assert.Single(right.Turns).Given);
        // What was given is no program of the policy's.
        Assert.Equal([null], EpisodeOutcome.Of(wrong).Turns);
        Assert.Empty(EpisodeOutcome.Of(right).Turns);
        Assert.False(EpisodeOutcome.Of(right).SolvedWithin(1));
        Assert.Equal([(1, 1.0)], TurnBehaviour.Of([wrong, right]).Select(t => (t.Turn, t.Verdicts[TurnBehaviour.NoCode])));
        Assert.Empty(TrainingSequence.Of(right, new([1])).Positions);
    }

    sealed class Lenient : IJudge
    {
        public Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false, CancellationToken cancellation = default) =>
            Task.FromResult(Episodes.Judged(VerdictKind.Accepted));
    }
}
