using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>The judge's server as a user starts and stops it.</summary>
public sealed class JudgeServeCommandTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_lets_what_is_under_way_finish_and_nothing_is_logged(string signal)
    {
        Assert.SkipWhen(signal == "INT" && InterruptsAreIgnored(), "interrupts are ignored here, as in a job that a shell runs in the background, and so the server never gets one");
        using var server = await ServerProcess.StartAsync(["judge", "serve", "--problems", Path.Combine(Root, "data", "nano", "test.jsonl")],
            @"^The judge listens at (http://127\.0\.0\.1:\d+)/ \(\d+ problems of test; with a key\)\.$");
        await server.RefusesAsync("/v1/judge", "{\"items\": my_prompt");
        var asked = server.Client.PostAsJsonAsync("/v1/judge", new { items = new[] { new { program = "import time; time.sleep(2); print('my_program')", tests = new[] { new { input = "", output = "my_program" } } } } });
        await server.SignalAsync(signal, "rlef_judge_programs_in_progress 1");
        var answer = await (await asked).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("accepted", answer.GetProperty("results")[0].GetProperty("verdict").GetString());
        await server.EndsWithoutAsync("my_prompt|my_program");
    }

    [Fact]
    public async Task A_second_signal_does_not_wait_for_what_is_under_way()
    {
        using var server = await ServerProcess.StartAsync(["judge", "serve", "--grace-seconds", "600", "--cpu-seconds", "120"], @"^The judge listens at (http://127\.0\.0\.1:\d+)/ ");
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", ServerProcess.Secret);
        var asked = server.Client.PostAsJsonAsync("/v1/judge", new { items = new[] { new { program = "while True: pass", tests = new[] { new { input = "", output = "" } } } } });
        await server.SignalAsync("TERM", "rlef_judge_programs_in_progress 1");
        await server.EndsByMoreAsync("TERM");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => asked);
    }

    [Fact]
    public async Task A_request_has_no_more_time_than_the_server_gives_it()
    {
        using var server = await ServerProcess.StartAsync(["judge", "serve", "--max-seconds", "1", "--cpu-seconds", "120"], @"^The judge listens at (http://127\.0\.0\.1:\d+)/ ");
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", ServerProcess.Secret);
        using var answer = await server.Client.PostAsJsonAsync("/v1/judge", new { items = new[] { new { program = "import time; time.sleep(300)", tests = new[] { new { input = "", output = "" } } } } });
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
    }

    // What is ignored here is ignored by everything that is started from here.
    static bool InterruptsAreIgnored() => File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is var ignored
        && (Convert.ToUInt64(ignored[7..].Trim(), 16) & 1 << 1) != 0;

    [Theory]
    [InlineData("--host 0.0.0.0", "Set a key for them")]
    [InlineData("--host example.org", "no IP address")]
    [InlineData("--problems no-such-file", "no-such-file")]
    public async Task What_keeps_it_from_starting_is_said_in_one_line(string options, string fault)
    {
        using var server = Start("dotnet", [Dll, "judge", "serve", "--port", "0", .. options.Split(' ')], (ServerProcess.Key, null));
        var (code, output, error) = await server.FinishAsync();
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(fault, Assert.Single(error.Trim().Split('\n')));
    }

    [Theory]
    [InlineData("judge --problems a.jsonl", "judge: FILE is missing. See ./rlef judge --help.")]
    [InlineData("judge a.py b.py", "judge does not take 'b.py'. See ./rlef judge --help.")]
    [InlineData("judge serve --port 70000", "judge serve: --port must be at least 0 and at most 65535, not 70000. See ./rlef judge serve --help.")]
    public async Task Misuse_is_said_in_one_line(string line, string fault)
    {
        var (code, _, error) = await RlefAsync(line.Split(' '));
        Assert.Equal((2, $"rlef: {fault}\n"), (code, error));
    }
}
