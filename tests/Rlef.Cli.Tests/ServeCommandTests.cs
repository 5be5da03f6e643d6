using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>The policy's server as a user starts and stops it.</summary>
public sealed class ServeCommandTests
{
    const string Key = "RLEF_API_KEY", Secret = "c0ffee-c0ffee-c0ffee";
    static readonly string Base = Path.Combine(Root, "data", "nano", "base");

    [Fact]
    public async Task A_signal_lets_what_is_under_way_finish_and_nothing_is_logged()
    {
        using var server = Start("dotnet", [Dll, "serve", "--policy", Base, "--port", "0", "--name", "mine", "--max-batch", "2"], (Key, Secret));
        var line = await server.StandardOutput.ReadLineAsync();
        var address = Regex.Match(line ?? "", @"^The policy listens at (http://127\.0\.0\.1:\d+/)v1 as mine \(2 dialogues of 1024 tokens at once; with a key\)\.$").Groups[1].Value;
        Assert.True(address.Length > 0, line ?? await server.StandardError.ReadToEndAsync());
        using var client = new HttpClient { BaseAddress = new(address) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsJsonAsync("/v1/completions", new { })).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/v1/completions", new StringContent("{\"prompt\": my_prompt", new MediaTypeHeaderValue("application/json")))).StatusCode);
        var asked = client.PostAsJsonAsync("/v1/completions", new { model = "mine", prompt = "my_prompt", max_tokens = 900, temperature = 2 });
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await client.GetStringAsync("/metrics", patience.Token)).Contains("rlef_serve_responses_in_progress 1\n"))
            await Task.Yield();
        Assert.Equal(0, (await RunAsync("kill", "-TERM", $"{server.Id}")).Code);
        var answer = await (await asked).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(900, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        var (code, output, error) = await server.FinishAsync();
        Assert.Equal((0, ""), (code, output));
        Assert.DoesNotMatch($"{Secret}|my_prompt", error + line);
    }

    [Theory]
    [InlineData("--host 0.0.0.0", "Set a key for them")]
    [InlineData("--policy no-such-folder", "no-such-folder is no policy")]
    [InlineData("--max-dialogue-tokens 2000", "1024 positions")]
    public async Task What_keeps_it_from_starting_is_said_in_one_line(string options, string fault)
    {
        using var server = Start("dotnet", [Dll, "serve", "--port", "0", .. options.StartsWith("--policy", StringComparison.Ordinal) ? [] : new[] { "--policy", Base }, .. options.Split(' ')], (Key, null));
        var (code, output, error) = await server.FinishAsync();
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(fault, Assert.Single(error.Trim().Split('\n')));
    }
}
