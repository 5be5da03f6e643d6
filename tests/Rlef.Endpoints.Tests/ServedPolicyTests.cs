using Microsoft.AspNetCore.Http;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using static Rlef.Endpoints.Tests.Dialogues;

namespace Rlef.Endpoints.Tests;

public sealed class ServedPolicyTests
{
    [Fact]
    public async Task A_dialogue_grows_by_answers_and_feedback_until_the_tests_pass()
    {
        await using var server = await ChatServer.StartAsync(request => request.Messages.Length == 1 ? Wrong : Right);
        var episode = await PlayOneAsync(server.Endpoint);
        Assert.True(episode.Solved);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(["statement 0"], server.Requests[0].Messages);
        Assert.Equal(["statement 0", Wrong, "Your code failed the following tests:\n- input '1' failed: Expected output '1' but got '7'\nGive it another try."], server.Requests[1].Messages);
        Assert.Equal(["user", "assistant", "user"], server.Requests[1].Body["messages"]!.AsArray().Select(m => (string)m!["role"]!));
        var body = server.Requests[0].Body;
        Assert.Equal((ChatServer.Model, 77, 0.25, 0.5), ((string?)body["model"], (int)body["max_tokens"]!, (double)body["temperature"]!, (double)body["top_p"]!));
        Assert.False(body.ContainsKey("max_completion_tokens"));
        Assert.NotEqual((int)body["seed"]!, (int)server.Requests[1].Body["seed"]!);
        Assert.All(episode.Turns, turn => Assert.Equal(new(10, 5), turn.Usage));
    }

    [Fact]
    public async Task The_same_seeds_are_asked_for_again_and_every_sample_has_its_own()
    {
        await using var server = await ChatServer.StartAsync(_ => Right);
        for (var time = 0; time < 2; time++)
            await PlayAsync(server.Endpoint, new Reader(), Set(2), samples: 2);
        int[] seeds = [.. server.Requests.Select(r => (int)r.Body["seed"]!)];
        Assert.Equal(seeds[..4], seeds[4..]);
        Assert.Equal(4, seeds.Distinct().Count());
    }

    [Fact]
    public async Task A_draft_is_handed_in_before_the_model_speaks()
    {
        await using var server = await ChatServer.StartAsync(_ => Right);
        var set = new ProblemSet("set", [Set()[0] with { Draft = "wrong" }]);
        var episode = Assert.Single(await PlayAsync(server.Endpoint, new Reader(), set));
        Assert.True(episode.Solved);
        Assert.Equal([true, false], episode.Turns.Select(t => t.Given));
        Assert.Equal(Wrong, Assert.Single(server.Requests).Messages[1]);
    }

    [Theory]
    [InlineData("```python\nright", "length", Breakage.Length)]
    [InlineData("", "length", Breakage.Length)]
    [InlineData("I must not", "content_filter", Breakage.ContentFilter)]
    public async Task What_the_server_breaks_off_is_counted_and_not_judged(string text, string finish, Breakage kind)
    {
        await using var server = await ChatServer.StartAsync((_, context) => ChatServer.SayAsync(context, text, finish));
        var judge = new Reader();
        var episode = await PlayOneAsync(server.Endpoint, judge);
        Assert.Equal((kind, false, false, text), (episode.Broken, episode.Solved, episode.Masked, Assert.Single(episode.Turns).Text));
        Assert.Empty(judge.Programs);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_cut_behind_its_program_is_judged()
    {
        await using var server = await ChatServer.StartAsync((_, context) => ChatServer.SayAsync(context, Right + "\nThis program", "length"));
        var episode = await PlayOneAsync(server.Endpoint);
        Assert.True(episode is { Solved: true, Broken: null, Last.Truncated: true });
    }

    [Fact]
    public async Task An_answer_without_code_that_is_whole_is_told_so()
    {
        await using var server = await ChatServer.StartAsync(request => request.Messages.Length == 1 ? "" : Right);
        var episode = await PlayOneAsync(server.Endpoint);
        Assert.True(episode.Solved);
        Assert.StartsWith(DialogueWording.Nano.NoCode, server.Requests[1].Messages[2]);
    }

    [Theory]
    [InlineData("content_filter", "The prompt was filtered.", Breakage.ContentFilter)]
    [InlineData("context_length_exceeded", "Too long.", Breakage.Context)]
    [InlineData("BadRequestError", "This model's maximum context length is 4096 tokens.", Breakage.Context)]
    public async Task A_refusal_of_one_dialogue_ends_that_one(string code, string message, Breakage kind)
    {
        await using var server = await ChatServer.StartAsync((request, context) => request.Messages is ["statement 0"]
            ? ChatServer.RefuseAsync(context, 400, code, message) : ChatServer.SayAsync(context, Right));
        var episodes = await PlayAsync(server.Endpoint, new Reader(), Set(2));
        Assert.Equal([kind, null], episodes.Select(e => e.Broken));
        Assert.Equal([false, true], episodes.Select(e => e.Solved));
    }

    [Fact]
    public async Task A_server_that_wants_the_newer_name_of_the_limit_gets_it()
    {
        await using var server = await ChatServer.StartAsync((request, context) => request.Body.ContainsKey("max_tokens")
            ? ChatServer.RefuseAsync(context, 400, "unsupported_parameter", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
            : ChatServer.SayAsync(context, Right));
        Assert.All(await PlayAsync(server.Endpoint, new Reader(), Set(2)), e => Assert.True(e.Solved));
        Assert.Equal([false, true, true], server.Requests.Select(r => (int?)r.Body["max_completion_tokens"] == 77));
    }

    [Fact]
    public async Task Requests_under_way_reach_the_limit_and_no_more()
    {
        const int Limit = 3;
        var (underWay, most) = (0, 0);
        using var all = new Barrier(Limit);
        await using var server = await ChatServer.StartAsync(async (_, context) =>
        {
            var now = Interlocked.Increment(ref underWay);
            InterlockedMax(ref most, now);
            // So many wait for one another: fewer at once would wait in vain.
            Assert.True(await Task.Run(() => all.SignalAndWait(TimeSpan.FromMinutes(2))));
            Interlocked.Decrement(ref underWay);
            await ChatServer.SayAsync(context, Right);
        });
        Assert.All(await PlayAsync(server.Endpoint with { Concurrency = Limit }, new Reader(), Set(3 * Limit)), e => Assert.True(e.Solved));
        Assert.Equal(Limit, most);
    }

    [Fact]
    public async Task Tokens_under_way_are_limited_too()
    {
        var (underWay, most) = (0, 0);
        await using var server = await ChatServer.StartAsync(async (_, context) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref underWay));
            for (var i = 0; i < 1000; i++)
                await Task.Yield();
            Interlocked.Decrement(ref underWay);
            await ChatServer.SayAsync(context, Right);
        });
        // Room for one answer of 77 tokens and its prompt, not for two.
        Assert.All(await PlayAsync(server.Endpoint with { Concurrency = 4, TokensUnderWay = 100 }, new Reader(), Set(12)), e => Assert.True(e.Solved));
        Assert.Equal(1, most);
        // One that needs more than there is has it all.
        Assert.True((await PlayOneAsync(server.Endpoint with { TokensUnderWay = 10 })).Solved);
    }

    static void InterlockedMax(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); value > seen; seen = Volatile.Read(ref place))
            Interlocked.CompareExchange(ref place, value, seen);
    }
}
