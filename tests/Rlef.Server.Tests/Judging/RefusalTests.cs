using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Rlef.Execution;
using static Rlef.Server.Tests.ServedJudge;

namespace Rlef.Server.Tests;

/// <summary>What is refused says why and what to do, and the server goes on.</summary>
public sealed class RefusalTests(ServedJudge judge) : IClassFixture<ServedJudge>
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("{'items': []}", "single quotes")]
    [InlineData("null", "The request is no JSON object.")]
    [InlineData("[]", "The request is no JSON object.")]
    [InlineData("{}", "items is missing.")]
    [InlineData("""{"Items":[]}""", "items is missing.")]
    [InlineData("""{"items":{}}""", "items takes a list.")]
    [InlineData("""{"items":[5]}""", "items[0] takes an object.")]
    [InlineData("""{"items":[]}""", "items is empty")]
    [InlineData("""{"items":null}""", "items is missing.")]
    [InlineData("""{"items":[null]}""", "items[0] takes an object.")]
    [InlineData("""{"items":[{"program":"","problem":"sum"}],"extra":1}""", "extra is not known to this server.")]
    [InlineData("""{"items":[{"program":"","problm":"sum"}]}""", "items[0].problm is not known to this server.")]
    [InlineData("""{"items":[{"program":"","tests":[{"input":"1","output":"2","extra":3}]}]}""", "items[0].tests[0].extra is not known to this server.")]
    [InlineData("""{"items":[{"program":"","problem":"sum","limits":{"cpu":1}}]}""", "items[0].limits.cpu is not known to this server.")]
    [InlineData("""{"items":[{"program":"","problem":"sum","limits":[]}]}""", "items[0].limits takes an object.")]
    [InlineData("""{"items":[{"program":"","problem":"sum"}],"stop_at_first_failure":1}""", "stop_at_first_failure takes true or false.")]
    [InlineData("""{"items":[{"program":"","program":"","problem":"sum"}]}""", "items[0].program stands there twice.")]
    [InlineData("""{"items":[{"problem":"sum"}]}""", "items[0] takes program")]
    [InlineData("""{"items":[{"program":"","response":"","problem":"sum"}]}""", "items[0] takes program")]
    [InlineData("""{"items":[{"program":"","problem":"sum"},{"program":""}]}""", "items[1] takes problem")]
    [InlineData("""{"items":[{"program":"","problem":"su"}]}""", "no problem 'su'. It has 3, such as 'sum'")]
    [InlineData("""{"items":[{"program":7,"problem":"sum"}]}""", "items[0].program takes a text.")]
    [InlineData("""{"items":[{"program":"\ud800","problem":"sum"}]}""", "items[0].program takes a text, of whole characters.")]
    [InlineData("""{"items":[{"program":"","\ud800":1}]}""", "A field's name in items[0] is a text, of whole characters.")]
    [InlineData("""{"items":[{"program":"","tests":[]}]}""", "items[0].tests is empty")]
    [InlineData("""{"items":[{"program":"","tests":[{"input":"1"}]}]}""", "items[0].tests[0].output is missing.")]
    [InlineData("""{"items":[{"program":"","tests":[{"input":"1","output":null}]}]}""", "items[0].tests[0].output is missing.")]
    [InlineData("""{"items":[{"program":"","entry_point":"f","tests":[{"input":"1","output":"1"}]}]}""", "items[0].tests[0].input")]
    [InlineData("""{"items":[{"program":"","entry_point":"f","tests":[{"input":"[1]","output":"one"}]}]}""", "items[0].tests[0].output")]
    [InlineData("""{"items":[{"program":"","entry_point":"","tests":[{"input":"[1]","output":"1"}]}]}""", "items[0].entry_point: '' is no name of a function")]
    [InlineData("""{"items":[{"program":"","entry_point":"a b; import os","tests":[{"input":"[1]","output":"1"}]}]}""", "items[0].entry_point")]
    [InlineData("""{"items":[{"program":"","entry_point":"a.b.c","tests":[{"input":"[1]","output":"1"}]}]}""", "nor of the form Class.method")]
    [InlineData("""{"items":[{"program":"","entry_point":"f","problem":"pair"}]}""", "items[0].entry_point goes with tests; a problem has its own.")]
    [InlineData("""{"items":[{"program":"","tests":[{"input":"1","output":"1"}],"comparison":"checker"}]}""", "part of a problem of the server's set")]
    [InlineData("""{"items":[{"program":"","entry_point":"f","tests":[{"input":"[1]","output":"1"}],"comparison":"tokens"}]}""", "tokens compares words of a text")]
    [InlineData("""{"items":[{"program":"","tests":[{"input":"1","output":"1"}],"comparison":"alike"}]}""", "items[0].comparison takes tokens, float,")]
    [InlineData("""{"items":[{"program":"","tests":[{"input":"1","output":"1"}],"comparison":"2"}]}""", "items[0].comparison takes tokens, float,")]
    [InlineData("""{"items":[{"program":"","problem":"sum","limits":{"cpu_seconds":2}}]}""", "items[0].limits.cpu_seconds takes a number from 0.01 to 1. A request lowers limits")]
    [InlineData("""{"items":[{"program":"","problem":"sum","limits":{"memory_mb":1e9}}]}""", "never raises")]
    [InlineData("""{"items":[{"program":"","problem":"sum","limits":{"wall_seconds":-1}}]}""", "items[0].limits.wall_seconds takes a number from")]
    [InlineData("""{"items":[{"program":"","problem":"sum","limits":{"output_kb":"NaN"}}]}""", "items[0].limits.output_kb takes a number from")]
    public async Task A_faulty_request_is_told_its_fault(string body, string fault)
    {
        await using var server = await judge.StartAsync();
        using var client = Client(server);
        var detail = await FaultAsync(await client.PostAsync("/v1/judge", Json(body)), HttpStatusCode.BadRequest);
        Assert.Contains(fault, detail);
        Assert.DoesNotContain("Rlef.", detail);
        Assert.True((await JudgeAsync(client, Item(Adds)))[0].GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public async Task More_than_is_granted_is_refused_before_anything_runs()
    {
        await using var server = await judge.StartAsync(new() { MaxRequestBytes = 1 << 20, MaxPrograms = 2, MaxTests = 2 });
        using var client = Client(server);
        Assert.Contains("takes 2 in a request", await FaultAsync(await PostAsync(client, Item(Adds), Item(Adds), Item(Adds)), HttpStatusCode.BadRequest));
        var test = new { input = "", output = "" };
        Assert.Contains("takes 2 for a program", await FaultAsync(await PostAsync(client, new { program = "", tests = new[] { test, test, test } }), HttpStatusCode.BadRequest));
        var large = $$"""{"items":[{"problem":"sum","program":"{{new string('#', 2 << 20)}}"}]}""";
        foreach (var chunked in (bool[])[false, true])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/judge") { Content = Json(large), Headers = { TransferEncodingChunked = chunked, ExpectContinue = true } };
            Assert.Contains("takes 1 MiB", await FaultAsync(await client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge));
        }
        Assert.Contains("application/json", await FaultAsync(await client.PostAsync("/v1/judge", new StringContent("{}")), HttpStatusCode.UnsupportedMediaType));
        Assert.Contains("POST /v1/judge", await FaultAsync(await client.GetAsync("/v1/judge"), HttpStatusCode.MethodNotAllowed));
        Assert.Contains("POST /v1/judge", await FaultAsync(await client.GetAsync("/"), HttpStatusCode.NotFound));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.SendAsync(new(new("ODD"), "/v1/judge?odd"))).StatusCode);
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Contains("rlef_judge_request_seconds_count{status=\"413\"} 2\n", metrics);
        Assert.DoesNotContain("rlef_judge_programs_total{", metrics);
        Assert.DoesNotContain("odd", metrics, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Further_requests_are_told_to_come_again()
    {
        await using var server = await judge.StartAsync(new() { MaxRequests = 2 });
        using var client = Client(server);
        Task<JsonElement[]>[] first = [.. Enumerable.Range(0, 2).Select(_ => JudgeAsync(client, Item("import time; time.sleep(3); " + Adds)))];
        await UnderWayAsync(client, 2);
        using var answer = await PostAsync(client, Item(Adds));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("Retry-After", await FaultAsync(answer, HttpStatusCode.TooManyRequests));
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        foreach (var results in await Task.WhenAll(first))
            Assert.True(results[0].GetProperty("accepted").GetBoolean());
        Assert.True((await JudgeAsync(client, Item(Adds)))[0].GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public async Task What_takes_too_long_is_ended_and_said()
    {
        var options = new JudgeServerOptions { TimeLimit = TimeSpan.FromSeconds(2), Limits = Limits.Default with { Wall = TimeSpan.FromHours(1) } };
        await using var server = await judge.StartAsync(options);
        using var client = Client(server);
        var sleeper = new { program = "import time; time.sleep(3000)", tests = new[] { new { input = "", output = "" } } };
        Assert.Contains("longer than the 2 s that this server gives to a request", await FaultAsync(await PostAsync(client, sleeper, sleeper, sleeper), HttpStatusCode.GatewayTimeout));
        await UnderWayAsync(client, 0);
        // Another server before the same two workers: theirs are the programs that were ended.
        await using var patient = await judge.StartAsync(options with { TimeLimit = Timeout.InfiniteTimeSpan });
        using var other = Client(patient);
        var lasting = new { program = "import time; time.sleep(3); " + Adds, problem = "sum" };
        Assert.All(await JudgeAsync(other, lasting, Item(Adds)), r => Assert.True(r.GetProperty("accepted").GetBoolean()));
    }

    [Fact]
    public async Task Requests_that_break_off_cost_nobody_their_place()
    {
        await using var server = await judge.StartAsync(new() { MaxRequests = 1 });
        using var client = Client(server);
        for (var i = 0; i < 20; i++)
        {
            using var half = new TcpClient();
            await half.ConnectAsync(server.Address.Host, server.Address.Port);
            await half.GetStream().WriteAsync("POST /v1/judge HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"items\": [{"u8.ToArray());
            half.LingerState = new(true, 0);
        }
        HttpResponseMessage answer;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        do
            answer = await PostAsync(client, Item(Adds));
        while (answer.StatusCode == HttpStatusCode.TooManyRequests && !patience.IsCancellationRequested);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Only_who_shows_the_key_may_ask()
    {
        const string Key = "0123456789abcdef-key";
        await using var server = await judge.StartAsync(new() { Key = new(Key), Host = IPAddress.Any });
        using var client = new HttpClient { BaseAddress = new UriBuilder(server.Address) { Host = "127.0.0.1" }.Uri };
        foreach (var shown in (string?[])[null, "", Key[..^1], Key + "x", Key.ToUpperInvariant(), "ключ"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/judge") { Content = Json("{}") };
            if (shown is not null)
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Uri.EscapeDataString(shown));
            using var answer = await client.SendAsync(request);
            Assert.Equal("Bearer", $"{answer.Headers.WwwAuthenticate}");
            Assert.DoesNotContain(Key, await FaultAsync(answer, HttpStatusCode.Unauthorized));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/metrics")).StatusCode);
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        Assert.True((await JudgeAsync(client, Item(Adds)))[0].GetProperty("accepted").GetBoolean());
        Assert.DoesNotContain(Key, await client.GetStringAsync("/metrics"));
    }

    // A page in a browser may be of a name that was made to lead here.
    [Fact]
    public async Task Without_a_key_nobody_is_answered_under_another_name()
    {
        await using var server = await judge.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        foreach (var (host, status) in ((string, HttpStatusCode)[])[("evil.example", HttpStatusCode.BadRequest), ("localhost", HttpStatusCode.OK), ($"127.0.0.1:{server.Address.Port}", HttpStatusCode.OK)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/judge") { Content = Json(JsonSerializer.Serialize(new { items = new[] { Item(Adds) } })) };
            request.Headers.Host = host;
            using var answer = await client.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
            if (status != HttpStatusCode.OK)
                Assert.Contains("localhost", await FaultAsync(answer, status));
        }
    }

    [Fact]
    public async Task An_address_that_cannot_be_had_is_said_with_the_way_out() =>
        Assert.Contains("Name another --host", (await Assert.ThrowsAsync<IOException>(() => judge.StartAsync(new() { Key = new("0123456789abcdef-key"), Host = IPAddress.Parse("192.0.2.1") }))).Message);

    [Fact]
    public async Task Off_loopback_there_is_no_server_without_a_key_nor_with_a_weak_one()
    {
        foreach (var host in (IPAddress[])[IPAddress.Any, IPAddress.IPv6Any, IPAddress.Parse("192.0.2.1")])
            Assert.Contains(ApiKey.Variable, (await Assert.ThrowsAsync<ArgumentException>(() => judge.StartAsync(new() { Host = host }))).Message);
        foreach (var weak in (string[])["short", "with a blank in the middle", "line\nline\nline\nline"])
            Assert.DoesNotContain(weak, Assert.Throws<ArgumentException>(() => new ApiKey(weak)).Message);
    }
}
