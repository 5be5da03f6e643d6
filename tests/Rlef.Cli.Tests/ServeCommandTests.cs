using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>The policy's server as a user starts and stops it.</summary>
public sealed class ServeCommandTests
{
    static readonly string Base = Path.Combine(Root, "data", "nano", "base");

    [Fact]
    public async Task A_signal_lets_what_is_under_way_finish_and_nothing_is_logged()
    {
        using var server = await ServerProcess.StartAsync(["serve", "--policy", Base, "--name", "mine", "--max-batch", "2"],
            @"^The policy listens at (http://127\.0\.0\.1:\d+/)v1 as mine \(2 dialogues of 1024 tokens at once; with a key\)\.$");
        await server.RefusesAsync("/v1/completions", "{\"prompt\": my_prompt");
        var asked = server.Client.PostAsJsonAsync("/v1/completions", new { model = "mine", prompt = "my_prompt", max_tokens = 900, temperature = 2 });
        await server.SignalAsync("TERM", "rlef_serve_responses_in_progress 1\n");
        var answer = await (await asked).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(900, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        await server.EndsWithoutAsync("my_prompt");
    }

    [Theory]
    [InlineData("--host 0.0.0.0", "Set a key for them")]
    [InlineData("--policy no-such-folder", "no-such-folder is not there")]
    [InlineData("--max-dialogue-tokens 2000", "1024 positions")]
    public async Task What_keeps_it_from_starting_is_said_in_one_line(string options, string fault)
    {
        using var server = Start("dotnet", [Dll, "serve", "--port", "0", .. options.StartsWith("--policy", StringComparison.Ordinal) ? [] : new[] { "--policy", Base }, .. options.Split(' ')], (ServerProcess.Key, null));
        var (code, output, error) = await server.FinishAsync();
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(fault, Assert.Single(error.Trim().Split('\n')));
    }

    [Fact]
    public async Task A_port_that_another_has_is_said_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = $"{((IPEndPoint)other.LocalEndpoint).Port}";
        foreach (var command in (string[][])[["serve", "--policy", Base], ["judge", "serve"]])
        {
            var (code, output, error) = await RlefAsync([.. command, "--port", port]);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains(port, Assert.Single(error.Trim().Split('\n')));
        }
    }
}
