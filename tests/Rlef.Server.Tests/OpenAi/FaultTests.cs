using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using static Rlef.Server.Tests.ServedPolicy;

namespace Rlef.Server.Tests;

/// <summary>What cannot be answered is said in OpenAI's own form, and costs nobody else anything.</summary>
public sealed class FaultTests(ServedPolicy served) : IClassFixture<ServedPolicy>
{
    const string Chat = "/v1/chat/completions", Text = "/v1/completions";

    [Theory]
    [InlineData(Text, "{", null, "breaks off")]
    [InlineData(Text, "[]", null, "no JSON object")]
    [InlineData(Text, """{"prompt":"a"}""", "model", "is missing")]
    [InlineData(Text, """{"model":"nano"}""", "prompt", "is missing")]
    [InlineData(Text, """{"model":"nano","prompt":""}""", "prompt", "nothing to continue")]
    [InlineData(Text, """{"model":"nano","prompt":[]}""", "prompt", "takes 1 to")]
    [InlineData(Text, """{"model":"nano","prompt":[1,99999]}""", "prompt", "token ids from 0 to 725")]
    [InlineData(Text, """{"model":"nano","prompt":"\ud800"}""", "prompt", "whole characters")]
    [InlineData(Text, """{"model":"nano","prompt":"a","temperature":-1}""", "temperature", "from 0 to 100")]
    [InlineData(Text, """{"model":"nano","prompt":"a","temperature":"1"}""", "temperature", "takes a number")]
    [InlineData(Text, """{"model":"nano","prompt":"a","top_p":0}""", "top_p", "takes a number above 0 and at most 1.")]
    [InlineData(Text, """{"model":"nano","prompt":"a","max_tokens":0}""", "max_tokens", "whole number")]
    [InlineData(Text, """{"model":"nano","prompt":"a","max_tokens":512}""", "prompt", "exceeds the 512 tokens")]
    [InlineData(Text, """{"model":"nano","prompt":"a","n":129}""", "n", "from 1 to 128")]
    [InlineData(Text, """{"model":"nano","prompt":["a","b"],"n":65}""", "n", "130 responses in all")]
    [InlineData(Text, """{"model":"nano","prompt":"a","stop":[1]}""", "stop[0]", "takes a text")]
    [InlineData(Text, """{"model":"nano","prompt":"a","stop":""}""", "stop", "none of them empty")]
    [InlineData(Text, """{"model":"nano","prompt":"a","echo":true}""", "echo", "not offered")]
    [InlineData(Text, """{"model":"nano","prompt":"a","presence_penalty":1}""", "presence_penalty", "not offered")]
    [InlineData(Text, """{"model":"nano","prompt":"a","stream_options":{}}""", "stream_options", "goes with stream")]
    [InlineData(Text, """{"model":"nano","prompt":"a","propmt":"b"}""", "propmt", "not known")]
    [InlineData(Text, """{"model":"nano","prompt":"a","prompt":"b"}""", "prompt", "prompt stands there twice.")]
    [InlineData(Text, """{"model":"nano","prompt":"a","suffix":5}""", "suffix", "not offered")]
    [InlineData(Text, """{"model":"nano","prompt":"a","\ud800":1}""", null, "A field's name is a text, of whole characters.")]
    [InlineData(Text, """{"model":"nano","prompt":["a","b"],"return_token_ids":true}""", "return_token_ids", "one prompt")]
    [InlineData(Chat, """{"model":"nano","messages":[]}""", "messages", "at least one")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"max_completion_tokens":4,"max_tokens":"x"}""", "max_tokens", "whole number")]
    [InlineData(Chat, """{"model":"nano","messages":[7]}""", "messages[0]", "takes a message")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"robot","content":""}]}""", "messages[0].role", "takes system")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a","content":"b"}]}""", "messages[0].content", "stands there twice")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":5,"content":"a"}]}""", "messages[0].role", "messages[0].role takes a text")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a","contnet":"b"}]}""", "messages[0].contnet", "not known")]
    [InlineData(Text, """{"model":"nano","prompt":"a","stream":true,"stream_options":{"usage":true}}""", "stream_options.usage", "not known")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user"}]}""", "messages[0].content", "is missing")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages[0].content[0]", "pictures")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text", "is missing")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b","txet":"c"}]}]}""", "messages[0].content[1].txet", "not known")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":[{"type":"text","text":"a","text":"b"}]}]}""", "messages[0].content[0].text", "stands there twice")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"response_format":{"type":"text","json_schema":{}}}""", "response_format.json_schema", "not known")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"tools":[{}]}""", "tools", "not offered")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"response_format":{"type":"json_object"}}""", "response_format", "but as text")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"response_format":{"type":5}}""", "response_format", "but as text")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"response_format":{"type":"\ud800"}}""", "response_format.type", "whole characters")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"modalities":[5]}""", "modalities", "but as text")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":[{"type":5,"text":"a"}]}]}""", "messages[0].content[0]", "pictures")]
    [InlineData(Chat, """{"model":"nano","messages":[{"role":"user","content":"a"}],"top_logprobs":2}""", "top_logprobs", "goes with logprobs")]
    public async Task A_faulty_request_is_told_its_fault(string route, string body, string? param, string fault)
    {
        await using var running = await served.StartAsync();
        var error = await FaultAsync(await running.Client.PostAsync(route, Json(body)), HttpStatusCode.BadRequest);
        Assert.Contains(fault, error.GetProperty("message").GetString());
        Assert.Equal((param, "invalid_request_error"), (error.GetProperty("param").GetString(), error.GetProperty("type").GetString()));
        Assert.DoesNotContain("Rlef.", error.GetRawText());
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_the_requests_fault()
    {
        await using var running = await served.StartAsync();
        var body = new ByteArrayContent([.. "{\"model\":\"nano\",\"prompt\":\"a\",\""u8, 0xff, .. "\":1}"u8]) { Headers = { ContentType = new("application/json") } };
        Assert.Contains("whole characters", (await FaultAsync(await running.Client.PostAsync(Text, body), HttpStatusCode.BadRequest)).GetProperty("message").GetString());
    }

    [Fact]
    public async Task Clients_can_tell_faults_by_their_codes()
    {
        await using var running = await served.StartAsync(new() { MaxRequestBytes = 1 << 20 });
        async Task<string?> Code(HttpStatusCode status, HttpResponseMessage answer) => (await FaultAsync(answer, status)).GetProperty("code").GetString();
        var client = running.Client;
        Assert.Equal("model_not_found", await Code(HttpStatusCode.NotFound, await client.PostAsync(Text, Json("""{"model":"gpt-4","prompt":"a"}"""))));
        Assert.Equal("model_not_found", await Code(HttpStatusCode.NotFound, await client.GetAsync("/v1/models/org/other")));
        Assert.Equal("context_length_exceeded", await Code(HttpStatusCode.BadRequest, await client.PostAsync(Text, Json($$"""{"model":"nano","prompt":"{{new string('x', 9999)}}"}"""))));
        Assert.Equal("unknown_parameter", await Code(HttpStatusCode.BadRequest, await client.PostAsync(Text, Json("""{"model":"nano","prompt":"a","propmt":"b"}"""))));
        Assert.Null(await Code(HttpStatusCode.UnsupportedMediaType, await client.PostAsync(Text, new StringContent("{}"))));
        Assert.Null(await Code(HttpStatusCode.NotFound, await client.GetAsync("/v1/embeddings")));
        Assert.Null(await Code(HttpStatusCode.MethodNotAllowed, await client.GetAsync(Chat)));
        // The client writes all of it before it reads, and reads the reason nevertheless.
        var large = $$"""{"model":"nano","prompt":"{{new string('x', 40 << 20)}}"}""";
        foreach (var chunked in (bool[])[false, true])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Text) { Content = Json(large), Headers = { TransferEncodingChunked = chunked } };
            Assert.Null(await Code(HttpStatusCode.RequestEntityTooLarge, await client.SendAsync(request)));
        }
    }

    [Fact]
    public async Task Only_who_shows_the_key_may_ask()
    {
        const string Key = "0123456789abcdef-key";
        await using var running = await served.StartAsync(new() { Key = new(Key) });
        foreach (var route in (string[])[Chat, Text, "/v1/models", "/metrics"])
        {
            var error = await FaultAsync(await running.Client.PostAsync(route, Json("{}")), HttpStatusCode.Unauthorized);
            Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
        }
        running.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        Assert.Equal(HttpStatusCode.OK, (await running.Client.GetAsync("/v1/models")).StatusCode);
        Assert.Contains(ApiKey.Variable, (await Assert.ThrowsAsync<ArgumentException>(() => served.StartAsync(new() { Host = IPAddress.Any }))).Message);
    }

    [Fact]
    public async Task Further_requests_are_told_to_come_again()
    {
        await using var running = await served.StartAsync(new() { MaxRequests = 2 }, rows: 1);
        using var leaving = new CancellationTokenSource();
        var under = Enumerable.Range(0, 2).Select(_ => running.Client.PostAsJsonAsync(Text, new { model = Name, prompt = "x", max_tokens = 500 }, leaving.Token)).ToArray();
        await UnderWayAsync(running.Client, 1, 1);
        using var answer = await running.Client.PostAsJsonAsync(Text, new { model = Name, prompt = "x" });
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Equal("rate_limit_exceeded", (await FaultAsync(answer, HttpStatusCode.TooManyRequests)).GetProperty("code").GetString());
        foreach (var task in under)
            Assert.Equal(HttpStatusCode.OK, (await task).StatusCode);
    }

    [Fact]
    public async Task What_takes_too_long_is_ended_and_said()
    {
        await using var running = await served.StartAsync(new() { TimeLimit = TimeSpan.FromMilliseconds(1) });
        var body = new Dictionary<string, object> { ["model"] = Name, ["prompt"] = "x", ["max_tokens"] = 500 };
        using var answer = await running.Client.PostAsJsonAsync(Text, body);
        Assert.Equal("timeout", (await FaultAsync(answer, HttpStatusCode.GatewayTimeout)).GetProperty("code").GetString());
        Assert.Equal("false", Assert.Single(answer.Headers.GetValues("x-should-retry")));
        body["stream"] = true;
        var events = (await (await running.Client.PostAsJsonAsync(Text, body)).Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("timeout", JsonDocument.Parse(events[^1]["data: ".Length..]).RootElement.GetProperty("error").GetProperty("code").GetString());
        await UnderWayAsync(running.Client, 0);
    }

    [Fact]
    public async Task An_upload_that_trickles_loses_its_place()
    {
        await using var running = await served.StartAsync(new() { MaxRequests = 1 });
        using var slow = new TcpClient();
        await slow.ConnectAsync(running.Server.Address.Host, running.Server.Address.Port);
        var stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {Text} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{{"));
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync());
        Assert.Contains("too slowly", await reader.ReadToEndAsync());
        Assert.Equal(HttpStatusCode.OK, (await running.Client.PostAsJsonAsync(Text, new { model = Name, prompt = "x" })).StatusCode);
    }
}
