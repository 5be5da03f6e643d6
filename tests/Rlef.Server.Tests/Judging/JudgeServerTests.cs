using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Core.Tests.Execution;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using static Rlef.Server.Tests.ServedJudge;

namespace Rlef.Server.Tests;

/// <summary>What is judged over HTTP is judged as in process, whoever else asks.</summary>
public sealed class JudgeServerTests(ServedJudge judge) : IClassFixture<ServedJudge>
{
    static readonly (string Problem, string Program)[] Programs =
    [
        ("sum", Adds), ("sum", "print(3)"), ("sum", "print(int(input()))"), ("sum", "while True: pass"), ("sum", "print("), ("sum", "x = [0] * 10 ** 9"),
        ("sum", "while True: print('a' * 1000)"), ("sum", "import os; os.kill(os.getpid(), 9)"), ("sum", "n = input(); print(3 if n == '1 2' else 0)"), ("sum", ""),
        ("pair", "pair = lambda a, b: [a, b]"), ("pair", "def pair(a, b):\n    return [b, a]"), ("pair", "def other(): pass"), ("odd", "print(7)"), ("odd", "print(8)"),
    ];

    static string Plain(string name) => name.Replace("_", "").ToLowerInvariant();

    static string? Verdict(JsonElement result) => result.GetProperty("verdict").GetString();

    [Fact]
    public async Task Verdicts_and_feedback_equal_those_in_process()
    {
        await using var server = await judge.StartAsync();
        using var client = Client(server);
        var results = await JudgeAsync(client, [.. Programs.Select(p => Item(p.Program, p.Problem))]);
        Assert.Equal(Programs.Length, results.Length);
        foreach (var ((id, program), result) in Programs.Zip(results))
        {
            var problem = Set[id];
            var expected = await new EvaluationJudge(judge.Sandbox).JudgeAsync(program, problem, problem.AllTests);
            Assert.Equal((Plain($"{expected.Kind}"), expected.Accepted, expected.Passed, expected.TestCount),
                (Plain(Verdict(result)!), result.GetProperty("accepted").GetBoolean(), result.GetProperty("passed").GetInt32(), result.GetProperty("total").GetInt32()));
            Assert.Equal(expected.Verdicts.Select((v, i) => (ProblemSetValidator.TestName(problem, i), Plain($"{v.Kind}"), v.Error?.Type)),
                result.GetProperty("tests").EnumerateArray().Select(t => (t.GetProperty("test").GetString()!, Plain(Verdict(t)!),
                    t.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("type").GetString() : null)));
            var told = await new EvaluationJudge(judge.Sandbox).JudgeAsync(program, problem, problem.PublicTests);
            Assert.Equal(told.Accepted ? null : FeedbackMessage.Compose(DialogueWording.CodeContests, problem, told), result.GetProperty("feedback").GetString());
        }
        Assert.Contains("rlef_judge_programs_total{verdict=\"compile_error\"} 1", await client.GetStringAsync("/metrics"));
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Requests_bring_tests_responses_and_lower_limits()
    {
        await using var server = await judge.StartAsync();
        using var client = Client(server);
        var sums = new[] { new { input = "1 2", output = "3" } };
        var results = await JudgeAsync(client,
            new { response = $"So:\n```python\n{Adds}\n```", tests = sums },
            new { response = "I do not know.", problem = "sum" },
            new { program = "class S:\n    def add(self, a, b): return a + b", entry_point = "S.add", tests = new[] { new { input = "[1, 2]", output = "3.0" } } },
            new { program = "print('b a')", tests = new[] { new { input = "", output = "b  a" } }, comparison = "exact" },
            new { program = "sum(range(10 ** 7)); " + Adds, tests = sums, limits = new { cpu_seconds = 0.02 } },
            new { program = Adds, problem = "sum", limits = new { cpu_seconds = 1, memory_mb = 256 } },
            new { program = "x = bytearray(100 << 20); " + Adds, problem = "sum", limits = new { memory_mb = 64 } });
        Assert.Equal(["accepted", "no_program", "accepted", "wrong_answer", "time_limit", "accepted", "memory_limit"], results.Select(Verdict));
        Assert.Equal(DialogueWording.CodeContests.NoCode + DialogueWording.CodeContests.TryAgain, results[1].GetProperty("feedback").GetString());
        Assert.Equal((0, 3), (results[1].GetProperty("passed").GetInt32(), results[1].GetProperty("total").GetInt32()));
        using var first = await client.PostAsync("/v1/judge", Json("""{"items":[{"program":"print(0)","problem":"sum"}],"stop_at_first_failure":true}"""));
        var result = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement.GetProperty("results")[0];
        Assert.Equal((1, 3), (result.GetProperty("tests").GetArrayLength(), result.GetProperty("total").GetInt32()));
    }

    [Theory]
    [InlineData("import os\nwhile True: os.fork()")]
    [InlineData("import os, signal\nfor p in range(1, 1 << 15):\n    try: os.kill(p, signal.SIGKILL)\n    except OSError: pass\nos.abort()")]
    [InlineData("import os\nfor d in range(3, 64):\n    try: os.write(d, b'\\xff' * 65536)\n    except OSError: pass\nwhile True: pass")]
    [InlineData("x = []\nwhile True: x.append(bytearray(1 << 24))")]
    [InlineData("import os\nwhile True: os.write(1, b'a' * 65536)")]
    [InlineData("import os\nprint(os.environ, open('/proc/self/environ').read(), open('/proc/1/cmdline').read())")]
    public async Task A_hostile_program_among_twenty_harms_none(string hostile)
    {
        await using var server = await judge.StartAsync();
        using var client = Client(server);
        var results = await JudgeAsync(client, [.. Enumerable.Range(0, 20).Select(i => Item(i == 7 ? hostile : Adds))]);
        Assert.All(results.Index(), r => Assert.Equal(r.Index != 7, r.Item.GetProperty("accepted").GetBoolean()));
        Assert.NotEqual("infrastructure_error", Verdict(results[7]));
    }

    [Fact]
    public async Task Clients_that_go_away_leave_nothing_behind()
    {
        await using var server = await judge.StartAsync();
        using var observer = Client(server);
        await JudgeAsync(observer, Item(Adds));
        for (var round = 0; round < 6; round++)
        {
            using var client = Client(server);
            using var left = new CancellationTokenSource();
            object[] items = [.. Enumerable.Range(0, 5).Select(i => Item("import time; time.sleep(4)"))];
            var asked = client.PostAsJsonAsync("/v1/judge", new { items }, left.Token);
            await UnderWayAsync(observer, items.Length);
            left.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            await UnderWayAsync(observer, 0);
        }
        // Workers that were left in the middle are replaced, not kept beside.
        Assert.All(await JudgeAsync(observer, [.. Enumerable.Range(0, 8).Select(_ => Item(Adds))]), r => Assert.Equal("accepted", Verdict(r)));
        Assert.InRange(Servers(judge.Sandbox.Folder), 1, 2);
    }

    // Outermost processes of the sandbox's workers.
    static int Servers(string folder)
    {
        var workers = ProcessTree.Named(folder).ToHashSet();
        return workers.Count(id => !workers.Contains(ProcessTree.Parent(id)));
    }

    [Fact]
    public async Task A_stop_finishes_what_is_under_way()
    {
        var server = await judge.StartAsync();
        using var client = Client(server);
        using var late = Client(server);
        var asked = JudgeAsync(client, [.. Enumerable.Range(0, 4).Select(_ => Item("import time; time.sleep(1); " + Adds))]);
        await UnderWayAsync(client, 4);
        await server.DisposeAsync();
        Assert.All(await asked, r => Assert.Equal("accepted", Verdict(r)));
        await Assert.ThrowsAsync<HttpRequestException>(() => JudgeAsync(late, Item(Adds)));
    }

    [Fact]
    public async Task The_reward_function_of_the_documentation_works_literally()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Rlef.Core.sln")))
            root = Path.GetDirectoryName(root)!;
        var snippet = Regex.Match(await File.ReadAllTextAsync(Path.Combine(root, "docs", "serving.md")), "```python\n(import json.*?)```", RegexOptions.Singleline).Groups[1].Value;
        const string Key = "key-of-this-very-test";
        await using var server = await judge.StartAsync(new() { Key = new(Key) });
        var start = new ProcessStartInfo("python3", ["-c", snippet + $$"""
            fence = "```"
            right, wrong = (f"Here:\n{fence}python\n{p}\n{fence}" for p in ("{{Adds}}", "print(9)"))
            chats = [[{"role": "assistant", "content": right}], [{"role": "assistant", "content": "No."}]]
            print(reward(prompts=["?"] * 2, completions=[right, wrong], completion_ids=[[1], [2]], problem=["sum", "sum"], trainer_state=None))
            print(reward(prompts=[[{"role": "user", "content": "?"}]] * 2, completions=chats, problem=["sum", "sum"]))
            """])
        { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["RLEF_JUDGE"] = $"{server.Address}".TrimEnd('/'), ["RLEF_API_KEY"] = Key } };
        using var python = Process.Start(start)!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        Assert.Equal(("[1.0, 0.6666666666666666]\n[1.0, 0.0]\n", ""), (await output, await error));
    }
}
