using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Dialogue;
using Rlef.Policy;
using Rlef.Randomness;
using static Rlef.Server.Tests.ServedPolicy;

namespace Rlef.Server.Tests;

/// <summary>What is said over HTTP is what the policy says in process, however many ask and however they ask.</summary>
public sealed class PolicyServerTests(ServedPolicy served) : IClassFixture<ServedPolicy>
{
    const string Chat = "/v1/chat/completions", Text = "/v1/completions";
    const int Long = 60;

    static readonly string[] Statements = ["Print the sum of the numbers.", "Reverse the list.", "Keep the even ones, then add 1 to each.", "?", "Print the largest of the numbers."];

    static object Message(string content, string role = "user") => new { role, content };

    static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];

    static string Content(JsonElement answer, int choice = 0) => answer.GetProperty("choices")[choice].GetProperty("message").GetProperty("content").GetString()!;

    // As rollouts do it, alone on a row.
    OpenResponse Say(IDecoder decoder, int[] unseen, Sampling sampling, ulong seed = 1, int choice = 0)
    {
        var response = new OpenResponse(0, unseen, RandomStream.For(seed, choice), sampling, new ChatFormat(served.Policy.Files).Ends);
        while (!response.Ended)
            decoder.Sample([response]);
        return response;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Dialogues_of_many_clients_are_those_in_process_token_by_token(double temperature)
    {
        await using var running = await served.StartAsync();
        var format = new ChatFormat(served.Policy.Files);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            using var decoder = Decoders.Create(served.Policy.Model, 1, 512, threads: 1);
            List<object> messages = [Message(Statements[i % Statements.Length])];
            var unseen = format.FirstPrompt(Statements[i % Statements.Length]);
            for (var turn = 0; turn < 3; turn++)
            {
                var seed = i + 100 * turn;
                var expected = Say(decoder, unseen, new(temperature, 0.9, Long), (ulong)seed);
                var answer = await AskAsync(running.Client, Chat, new { model = Name, messages, temperature, top_p = 0.9, max_tokens = Long, seed, return_token_ids = true });
                var choice = answer.GetProperty("choices")[0];
                Assert.Equal(expected.Tokens, Ids(choice.GetProperty("token_ids")));
                Assert.Equal(expected.Truncated ? "length" : "stop", choice.GetProperty("finish_reason").GetString());
                Assert.Equal(format.Tokenizer.Decode(expected.Truncated ? expected.Tokens : expected.Tokens.SkipLast(1)), Content(answer));
                var feedback = $"Wrong on test {turn}.";
                messages.AddRange([Message(Content(answer), "assistant"), Message(feedback)]);
                unseen = [expected.Tokens[^1], .. format.NextPrompt(feedback, expected.Tokens[^1])];
            }
        }));
    }

    [Fact]
    public async Task A_next_turn_reads_only_what_is_new()
    {
        await using var running = await served.StartAsync();
        object[] first = [Message(string.Concat(Enumerable.Repeat(Statements[0], 10)))];
        var answer = await AskAsync(running.Client, Chat, new { model = Name, messages = first, max_tokens = 30, seed = 1 });
        // Others come between, on other rows.
        foreach (var statement in Statements.Take(3))
            await AskAsync(running.Client, Chat, new { model = Name, messages = new[] { Message(statement) }, max_tokens = 5 });
        object[] second = [.. first, Message(Content(answer), "assistant"), Message("Wrong.")];
        var usage = (await AskAsync(running.Client, Chat, new { model = Name, messages = second, max_tokens = 5 })).GetProperty("usage");
        var before = answer.GetProperty("usage").GetProperty("total_tokens").GetInt32();
        // The last token of an answer is drawn but never fed.
        Assert.Equal(before - 1, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.InRange(usage.GetProperty("prompt_tokens").GetInt32(), before + 1, before + 10);
    }

    [Fact]
    public async Task Choices_differ_by_their_place_and_repeat_by_their_seed()
    {
        await using var running = await served.StartAsync();
        var body = new { model = Name, messages = new[] { Message(Statements[1]) }, n = 6, seed = 7, max_tokens = 40, return_token_ids = true };
        var (one, other) = (await AskAsync(running.Client, Chat, body), await AskAsync(running.Client, Chat, body));
        int[][] Said(JsonElement answer) => [.. answer.GetProperty("choices").EnumerateArray().Select(c => Ids(c.GetProperty("token_ids")))];
        Assert.Equal(Said(one), Said(other));
        Assert.True(Said(one).Select(ids => string.Join(' ', ids)).Distinct().Count() > 3);
        using var decoder = Decoders.Create(served.Policy.Model, 1, 512, threads: 1);
        for (var choice = 0; choice < 6; choice++)
        {
            decoder.Reset(0);
            Assert.Equal(Say(decoder, new ChatFormat(served.Policy.Files).FirstPrompt(Statements[1]), new(1, 1, 40), 7, choice).Tokens, Said(one)[choice]);
        }
    }

    [Fact]
    public async Task A_stream_has_in_pieces_what_a_whole_answer_has()
    {
        await using var running = await served.StartAsync();
        foreach (var stop in (string[][])[[], ["print"], ["(", "\n"]])
        {
            var common = new { model = Name, messages = new[] { Message(Statements[2]) }, n = 2, seed = 5, max_tokens = Long, stop, logprobs = true, top_logprobs = 2, return_token_ids = true };
            var whole = await AskAsync(running.Client, Chat, common);
            var body = JsonSerializer.SerializeToNode(common)!.AsObject();
            (body["stream"], body["stream_options"]) = (true, JsonSerializer.SerializeToNode(new { include_usage = true }));
            var chunks = await StreamAsync(running.Client, Chat, body);
            for (var i = 0; i < 2; i++)
            {
                var expected = whole.GetProperty("choices")[i];
                JsonElement[] own = [.. chunks.SelectMany(c => c.GetProperty("choices").EnumerateArray()).Where(c => c.GetProperty("index").GetInt32() == i)];
                Assert.Equal("assistant", own[0].GetProperty("delta").GetProperty("role").GetString());
                Assert.Equal(Content(whole, i), string.Concat(own.Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
                Assert.Equal([.. Enumerable.Repeat<string?>(null, own.Length - 1), expected.GetProperty("finish_reason").GetString()], own.Select(c => c.GetProperty("finish_reason").GetString()));
                Assert.Equal(Ids(expected.GetProperty("token_ids")), own.Where(c => c.TryGetProperty("token_ids", out _)).SelectMany(c => Ids(c.GetProperty("token_ids"))));
                Assert.Equal(expected.GetProperty("logprobs").GetProperty("content").EnumerateArray().Select(t => t.GetRawText()),
                    own.Select(c => c.GetProperty("logprobs")).Where(l => l.ValueKind != JsonValueKind.Null).SelectMany(l => l.GetProperty("content").EnumerateArray()).Select(t => t.GetRawText()));
                if (stop.Length > 0)
                    Assert.DoesNotContain(stop, s => Content(whole, i).Contains(s));
            }
            var (counted, of) = (chunks[^1].GetProperty("usage"), whole.GetProperty("usage"));
            Assert.Equal(of.GetProperty("total_tokens").GetInt32(), counted.GetProperty("total_tokens").GetInt32());
            Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        }
    }

    [Fact]
    public async Task Texts_are_continued_as_in_process()
    {
        await using var running = await served.StartAsync();
        string[] prompt = ["x = ", "print(", "def f(a):\n"];
        var answer = await AskAsync(running.Client, Text, new { model = Name, prompt, temperature = 0, max_tokens = 24, logprobs = 3 });
        foreach (var (text, choice) in prompt.Zip(answer.GetProperty("choices").EnumerateArray()))
        {
            var ids = served.Policy.Tokenizer.EncodeMarkup(text, addSpecial: true);
            Assert.Equal(string.Concat(TextGenerator.Continue(served.Policy, ids, new(0, MaxTokens: 24), [])), choice.GetProperty("text").GetString());
            var logProbs = choice.GetProperty("logprobs");
            // Special tokens have names, and are no text.
            Assert.Equal(choice.GetProperty("text").GetString(), Regex.Replace(string.Concat(logProbs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString())), @"<\|\w+\|>", ""));
            foreach (var (own, top) in logProbs.GetProperty("token_logprobs").EnumerateArray().Zip(logProbs.GetProperty("top_logprobs").EnumerateArray()))
            {
                Assert.Equal(3, top.EnumerateObject().Count());
                // The most likely token was taken.
                Assert.Equal(top.EnumerateObject().Max(t => t.Value.GetDouble()), own.GetDouble(), 1e-4);
                Assert.InRange(top.EnumerateObject().Sum(t => Math.Exp(t.Value.GetDouble())), 0, 1.0001);
            }
            // The same by token ids.
            var again = await AskAsync(running.Client, Text, new { model = Name, prompt = ids, temperature = 0, max_tokens = 24 });
            Assert.Equal(choice.GetProperty("text").GetString(), again.GetProperty("choices")[0].GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task Whoever_goes_away_frees_the_place_and_a_stop_finishes_what_is_under_way()
    {
        await using var running = await served.StartAsync(rows: 1);
        object Endless(bool stream) => new { model = Name, prompt = "x", max_tokens = 500, stream, temperature = 2 };
        foreach (var stream in (bool[])[false, true])
        {
            using var leaving = new CancellationTokenSource();
            var asked = Enumerable.Range(0, 3).Select(_ => running.Client.PostAsJsonAsync(Text, Endless(stream), leaving.Token)).ToArray();
            await UnderWayAsync(running.Client, 1, 2);
            await leaving.CancelAsync();
            foreach (var task in asked)
                await Record.ExceptionAsync(async () => (await task).Dispose());
            await UnderWayAsync(running.Client, 0);
        }
        var last = AskAsync(running.Client, Text, Endless(false));
        await UnderWayAsync(running.Client, 1);
        var stopping = running.Server.DisposeAsync();
        Assert.Equal(500, (await last).GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        await stopping;
    }

    [Fact]
    public async Task Models_and_metrics_tell_what_is_there()
    {
        await using var running = await served.StartAsync();
        var models = await running.Client.GetFromJsonAsync<JsonElement>("/v1/models");
        Assert.Equal(Name, Assert.Single(models.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(512, (await running.Client.GetFromJsonAsync<JsonElement>($"/v1/models/{Name}")).GetProperty("max_model_len").GetInt32());
        await AskAsync(running.Client, Text, new { model = Name, prompt = (int[])[1, 2, 3], max_tokens = 7 });
        var metrics = await running.Client.GetStringAsync("/metrics");
        foreach (var line in (string[])["rlef_serve_prompt_tokens_total 3\n", "rlef_serve_generated_tokens_total 7\n", "rlef_serve_first_token_seconds_count 1\n", "rlef_serve_request_seconds_count{status=\"200\"} 3\n"])
            Assert.Contains(line, metrics);
        Assert.Equal("Healthy", await running.Client.GetStringAsync("/health"));
    }
}
