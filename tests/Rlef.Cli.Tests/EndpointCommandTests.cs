using System.Text.Json;
using Rlef.Endpoints.Tests;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>A served model, evaluated as a user does it.</summary>
public sealed class EndpointCommandTests : IDisposable
{
    const string Key = "sk-secret-secret-secret", Adds = "```python\nprint(sum(map(int, input().split())))\n```", Fails = "```python\nprint(0)\n```";
    readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Problems(int count)
    {
        var path = Path.Combine(folder, "sums.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new
        {
            id = $"sum-{i}",
            statement = $"Add {i}.",
            public_tests = new[] { new { input = $"1 {i}\n", output = $"{1 + i}\n" } },
            private_tests = new[] { new { input = $"2 {i}\n", output = $"{2 + i}\n" } },
        })));
        return path;
    }

    string Results => Path.Combine(folder, "results.json");

    System.Diagnostics.Process Evaluate(ChatServer server, string problems, params string[] more) => Start("dotnet",
        [Dll, "evaluate", "--endpoint", server.Address, "--model", ChatServer.Model, "--problems", problems, "--out", Results, "--sandbox", "local", .. more], ("RLEF_API_KEY", Key));

    [Fact]
    public async Task The_tables_the_cost_and_the_dialogues_are_those_of_any_policy_and_the_key_is_nowhere()
    {
        await using var server = await ChatServer.StartAsync((request, context) => request.Messages[0].Contains("Add 2.") ? ChatServer.SayAsync(context, "Let me think", "length")
            : ChatServer.SayAsync(context, request.Messages.Length > 1 ? Adds : Fails), Key);
        using var process = Evaluate(server, Problems(3), "--feedback", "random", "--samples", "3", "--price-in", "100000", "--price-out", "1000000");
        var (code, output, error) = await process.FinishAsync();
        Assert.True(code == 0, output + error);
        Assert.Matches(@"(?m)^1@1 +0\.0 %", output);
        Assert.Matches(@"(?m)^1@3 single-turn +0\.0 %", output);
        Assert.Matches(@"(?m)^1@2 multi-turn +66\.7 %", output);
        // Nine dialogues, six of which have two turns, and one first answer for each problem to draw feedback from; one that is cut counts too.
        Assert.Matches(@"(?m)^cost +180 tokens read, 90 written: 108\.00", output);
        Assert.Matches(@"(?m)^broken off +Length 3 \(not solved\) of 9 dialogues", output);
        using var results = JsonDocument.Parse(File.ReadAllText(Results));
        Assert.Equal(2 / 3.0, results.RootElement.GetProperty("scores").GetProperty("1@3 multi-turn").GetProperty("estimate").GetDouble(), 9);
        Assert.Equal(3, results.RootElement.GetProperty("broken_off").GetProperty("Length").GetInt32());
        Assert.Equal("WrongAnswer, Accepted, private: Accepted", results.RootElement.GetProperty("tasks")[0].GetProperty("dialogues")[0].GetString());
        // What other problems earned is told, and the instructions of chat models are there.
        Assert.Contains(server.Requests, r => r.Messages is [_, _, var told] && told.Contains("input '1 1") && r.Messages[0].Contains("Add 0."));
        Assert.Contains("triple backticks", server.Requests[0].Messages[0]);
        Assert.All(server.Requests, r => Assert.Equal(4096, (int)r.Body["max_tokens"]!));
        Assert.Equal(["results.json", "results.json.dialogues.jsonl", "results.json.random.jsonl"], Directory.GetFiles(folder, "results*").Select(f => Path.GetFileName(f)!).Order());
        Assert.DoesNotContain(Key, output + error + string.Concat(Directory.GetFiles(folder).Select(File.ReadAllText)));
    }

    [Fact]
    public async Task A_killed_evaluation_goes_on_where_it_was()
    {
        const int Problem = 12, Before = 5;
        using var reached = new SemaphoreSlim(0);
        var killed = new TaskCompletionSource();
        await using var server = await ChatServer.StartAsync(async (request, context) =>
        {
            if (request.Number == Before)
                reached.Release();
            // One at a time: those before are finished, and their dialogues kept.
            if (request.Number >= Before && !killed.Task.IsCompleted)
            {
                await killed.Task;
                return;
            }
            await ChatServer.SayAsync(context, Adds);
        });
        var problems = Problems(Problem);
        string[] options = ["--samples", "1", "--concurrency", "1"];
        using (var first = Evaluate(server, problems, options))
        {
            Assert.True(await reached.WaitAsync(TimeSpan.FromMinutes(3)));
            first.Kill();
            await first.WaitForExitAsync();
        }
        killed.SetResult();
        using (var second = Evaluate(server, problems, options))
        {
            var (code, output, error) = await second.FinishAsync();
            Assert.True(code == 0, output + error);
            Assert.Matches(@"(?m)^1@1 +100\.0 %", output);
        }
        Assert.Equal(Problem + 1, server.Requests.Count);
        Assert.Equal(Problem, server.Requests.Where(r => r.Number != Before).Select(r => r.Messages[0]).Distinct().Count());
        using var other = Evaluate(server, problems, [.. options, "--turns", "2"]);
        var (refused, _, why) = await other.FinishAsync();
        Assert.Equal(1, refused);
        Assert.Contains("turns 3 instead of 2", why);
    }

    [Fact]
    public async Task What_was_repaired_stands_before_dialogues_about_other_problems()
    {
        await using var server = await ChatServer.StartAsync((request, context) => ChatServer.SayAsync(context, request.Messages.Length > 1 ? Adds : Fails));
        var problems = Problems(3);
        using (var first = Evaluate(server, problems + "#1-2", "--samples", "1"))
            Assert.Equal(0, (await first.FinishAsync()).Code);
        var dialogues = Results + ".dialogues.jsonl";
        var kept = Path.Combine(folder, "kept.jsonl");
        File.Copy(dialogues, kept);
        File.Delete(dialogues);
        using (var shown = Evaluate(server, problems + "#3-3", "--samples", "1", "--examples", kept, "--shots", "2"))
        {
            var (code, output, error) = await shown.FinishAsync();
            Assert.True(code == 0, output + error);
            Assert.Matches(@"(?m)^1@1 +100\.0 %", output);
        }
        var asked = server.Requests[^1].Messages;
        Assert.Equal(9, asked.Length);
        Assert.Matches("Add [01]\\.", asked[0]);
        Assert.Equal([Fails, Adds, Fails, Adds], asked.Where((_, i) => i % 2 == 1));
        Assert.Contains("Add 2.", asked[^1]);
        // Not about the problems that are played themselves, and not to be gone on with without them.
        using (var own = Evaluate(server, problems, "--samples", "1", "--examples", kept, "--shots", "2"))
            Assert.Contains("holds 0 dialogues that end solved after a program that failed, about other problems", (await own.FinishAsync()).Error);
        using var without = Evaluate(server, problems + "#3-3", "--samples", "1");
        Assert.Contains("examples", (await without.FinishAsync()).Error);
    }

    [Fact]
    public async Task A_missing_key_is_one_clear_error()
    {
        await using var server = await ChatServer.StartAsync(_ => Adds, Key);
        using var process = Start("dotnet", [Dll, "evaluate", "--endpoint", server.Address, "--model", ChatServer.Model, "--problems", Problems(1)], ("RLEF_API_KEY", null), ("OPENAI_API_KEY", null));
        var (code, output, error) = await process.FinishAsync();
        Assert.Equal((1, ""), (code, output));
        Assert.Equal($"rlef: {server.Address} wants a key. Set it in the environment: RLEF_API_KEY=… or OPENAI_API_KEY=….", error.Trim());
    }
}
