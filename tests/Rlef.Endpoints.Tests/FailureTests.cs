using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Rlef.Dialogue;
using static Rlef.Endpoints.Tests.Dialogues;

namespace Rlef.Endpoints.Tests;

public sealed class FailureTests
{
    const string Key = "sk-secret-secret-secret";

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_failure_that_passes_is_asked_past(int status)
    {
        await using var server = await ChatServer.StartAsync((request, context) => request.Number < 2
            ? ChatServer.RefuseAsync(context, status, "overloaded", "Try later.") : ChatServer.SayAsync(context, Right));
        Assert.True((await PlayOneAsync(server.Endpoint)).Solved);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        await using var server = await ChatServer.StartAsync((request, context) =>
        {
            context.Response.Headers.RetryAfter = "1";
            return request.Number == 0 ? ChatServer.RefuseAsync(context, 429, "rate_limit_exceeded", "Slow down.") : ChatServer.SayAsync(context, Right);
        });
        var started = Stopwatch.GetTimestamp();
        Assert.True((await PlayOneAsync(server.Endpoint)).Solved);
        // The endpoint's own delay is a millisecond.
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(990));
    }

    [Fact]
    public async Task A_connection_that_is_lost_within_an_answer_is_asked_past()
    {
        await using var server = await ChatServer.StartAsync(async (request, context) =>
        {
            if (request.Number > 1)
            {
                await ChatServer.SayAsync(context, Right);
                return;
            }
            var whole = ChatServer.Completion(Wrong);
            context.Response.ContentLength = whole.Length;
            await context.Response.WriteAsync(whole[..(whole.Length / 2)]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        var judge = new Reader();
        Assert.True((await PlayOneAsync(server.Endpoint, judge)).Solved);
        Assert.DoesNotContain("wrong\n", judge.Programs);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task No_answer_in_time_is_a_time_out_that_says_nothing_of_the_model()
    {
        await using var server = await ChatServer.StartAsync(async (request, context) =>
        {
            if (request.Messages is ["statement 0"])
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            else
                await ChatServer.SayAsync(context, Right);
        });
        var judge = new Reader();
        var episodes = await PlayAsync(server.Endpoint with { Timeout = TimeSpan.FromSeconds(2), Retries = 1 }, judge, Set(2));
        Assert.Equal([Breakage.Timeout, null], episodes.Select(e => e.Broken));
        Assert.Equal([true, false], episodes.Select(e => e.Masked));
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(2, judge.Programs.Count);
    }

    [Fact]
    public async Task A_server_that_has_gone_ends_the_evaluation_and_keeps_what_was_played()
    {
        await using var server = await ChatServer.StartAsync((request, context) => request.Number == 0
            ? ChatServer.SayAsync(context, Right) : ChatServer.RefuseAsync(context, 502, "", "Nobody is home."));
        List<string> heard = [];
        using var client = await EndpointClient.ConnectAsync(server.Endpoint with { Retries = 1 });
        var error = await Assert.ThrowsAsync<EndpointException>(() => new ServedPolicy(client, new Reader(), 1).CollectAsync(
            [.. Rlef.Evaluation.Evaluator.Requests(Set(50), 1)], 1, Options(), new Heard(heard)));
        Assert.Contains("Nobody is home.", error.Message);
        Assert.Contains("3 dialogues in a row", error.Message);
        Assert.Equal(["p0", "p1", "p2", "p3"], heard);
    }

    sealed class Heard(List<string> problems) : IProgress<Episode>
    {
        public void Report(Episode value) => problems.Add(value.Problem.Id);
    }

    [Fact]
    public async Task Something_that_is_no_completion_is_a_failure_and_no_empty_program()
    {
        await using var server = await ChatServer.StartAsync((_, context) => context.Response.WriteAsync("{\"choices\": []}"));
        var judge = new Reader();
        Assert.Equal(Breakage.Failure, (await PlayOneAsync(server.Endpoint, judge)).Broken);
        Assert.Empty(judge.Programs);
    }

    [Fact]
    public async Task An_empty_account_is_told_at_once()
    {
        await using var server = await ChatServer.StartAsync((_, context) => ChatServer.RefuseAsync(context, 429, "insufficient_quota", "You exceeded your current quota."));
        Assert.Contains("You exceeded your current quota.", (await Assert.ThrowsAsync<EndpointException>(() => PlayOneAsync(server.Endpoint))).Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_model_that_the_server_does_not_know_is_told_with_those_it_has()
    {
        await using var server = await ChatServer.StartAsync(_ => Right);
        var error = await Assert.ThrowsAsync<EndpointException>(() => PlayOneAsync(server.Endpoint with { Model = "mdae-up" }));
        Assert.Contains("The model 'mdae-up' does not exist.", error.Message);
        Assert.EndsWith("It offers made-up, other.", error.Message);
        Assert.Single(server.Requests);
        using var client = await EndpointClient.ConnectAsync(server.Endpoint with { Model = "mdae-up" });
        Assert.Contains("does not list the model mdae-up", client.Notice);
    }

    [Fact]
    public async Task A_wrong_address_is_told_with_the_right_one_where_it_is_found()
    {
        await using var server = await ChatServer.StartAsync(_ => Right);
        var root = server.Address[..^3];
        var error = await Assert.ThrowsAsync<EndpointException>(() => PlayOneAsync(server.Endpoint with { Address = new(root) }));
        Assert.Contains($"begin at {server.Address}", error.Message);
        await server.DisposeAsync();
        error = await Assert.ThrowsAsync<EndpointException>(() => PlayOneAsync(server.Endpoint with { Address = new(root + "/v1") }));
        Assert.Contains($"{root}/v1 cannot be reached", error.Message);
    }

    [Fact]
    public async Task A_key_is_shown_and_asked_for_and_never_told()
    {
        await using var server = await ChatServer.StartAsync(_ => Right, Key);
        Assert.Contains("Set it in the environment: RLEF_API_KEY=", (await Assert.ThrowsAsync<EndpointException>(() => PlayOneAsync(server.Endpoint))).Message);
        var before = EndpointKey.Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            Environment.SetEnvironmentVariable("RLEF_API_KEY", null);
            Environment.SetEnvironmentVariable("OPENAI_API_KEY", Key);
            var endpoint = Endpoint.Of(server.Address, ChatServer.Model) with { Concurrency = 1 };
            Assert.True((await PlayOneAsync(endpoint)).Solved);
            Assert.Equal($"Bearer {Key}", Assert.Single(server.Requests).Authorization);
            Environment.SetEnvironmentVariable("RLEF_API_KEY", "sk-another-one");
            endpoint = Endpoint.Of(server.Address, ChatServer.Model);
            var error = await Assert.ThrowsAsync<EndpointException>(() => PlayOneAsync(endpoint));
            Assert.Contains("refuses the key in RLEF_API_KEY: Incorrect API key provided: Bearer (the key).", error.ToString());
            Assert.DoesNotContain("sk-another-one", $"{error} {endpoint} {endpoint.Key}");
        }
        finally
        {
            foreach (var (name, value) in before)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    [Fact]
    public async Task Without_a_key_none_is_shown()
    {
        await using var server = await ChatServer.StartAsync(_ => Right);
        await PlayOneAsync(server.Endpoint);
        Assert.Null(Assert.Single(server.Requests).Authorization);
    }

    [Fact]
    public async Task A_redirect_is_told_and_not_followed()
    {
        await using var server = await ChatServer.StartAsync((_, context) =>
        {
            context.Response.Redirect("http://127.0.0.1:9/elsewhere");
            return Task.CompletedTask;
        });
        Assert.Contains("sends elsewhere (302)", (await Assert.ThrowsAsync<EndpointException>(() => PlayOneAsync(server.Endpoint))).Message);
    }
}
