using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Server.Tests;

/// <summary>The nano world's base policy, for all tests of a class, and servers in front of it.</summary>
public sealed partial class ServedPolicy : IDisposable
{
    public const string Name = "nano";

    public PolicyCheckpoint Policy { get; } = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));

    public void Dispose() => Policy.Dispose();

    /// <param name="rows">Responses at once.</param>
    public Task<Running> StartAsync(PolicyServerOptions? options = null, int rows = 4, int maxLength = 512) => StartAsync(Policy, options, rows, maxLength);

    public static async Task<Running> StartAsync(PolicyCheckpoint policy, PolicyServerOptions? options = null, int rows = 4, int maxLength = 512)
    {
        var decoder = Decoders.Create(policy.Model, rows, maxLength, threads: 1);
        return new(await PolicyServer.StartAsync(Name, policy.Files, decoder, (options ?? new()) with { Port = 0 }, TestContext.Current.CancellationToken), decoder);
    }

    /// <summary>A server and its decoder.</summary>
    public sealed class Running(PolicyServer server, IDecoder decoder) : IAsyncDisposable
    {
        public PolicyServer Server => server;
        public HttpClient Client { get; } = new() { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await server.DisposeAsync();
            decoder.Dispose();
        }
    }

    public static async Task<JsonElement> AskAsync(HttpClient client, string route, object body)
    {
        using var answer = await client.PostAsJsonAsync(route, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The chunks of an answer that is streamed.</summary>
    public static async Task<JsonElement[]> StreamAsync(HttpClient client, string route, object body)
    {
        using var answer = await client.PostAsJsonAsync(route, body);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        string[] lines = [.. (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..])];
        Assert.Equal("[DONE]", lines[^1]);
        return [.. lines.SkipLast(1).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>The error of an answer, which must be one of OpenAI's form.</summary>
    public static async Task<JsonElement> FaultAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal((status, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(f => f.Name));
        return error;
    }

    /// <summary>Returns once so many responses are drawn and wait, as the metrics have it.</summary>
    public static async Task UnderWayAsync(HttpClient client, int drawn, int waiting = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var metrics = await client.GetStringAsync("/metrics", patience.Token);
            if (Drawn().Match(metrics).Groups[1].Value == $"{drawn}" && Waiting().Match(metrics).Groups[1].Value == $"{waiting}")
                return;
        }
    }

    [GeneratedRegex(@"^rlef_serve_responses_in_progress (\d+)", RegexOptions.Multiline)]
    private static partial Regex Drawn();

    [GeneratedRegex(@"^rlef_serve_responses_waiting (\d+)", RegexOptions.Multiline)]
    private static partial Regex Waiting();
}
