using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rlef.Cli.Tests;

public sealed class SweepCommandTests : IDisposable
{
    const int Runs = 4;
    readonly TrainFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Write(int updates = 1)
    {
        var path = folder.File("sweep.json");
        File.WriteAllText(path, $$"""
            {
              "problems": "problems.jsonl", "policies": {"shipped": {{JsonValue.Create(Rlef.Experiments.Home.File("data", "nano", "base"))!.ToJsonString()}} }, "seeds": [1, 2],
              "recipe": {"updates": {{updates}}, "problems_per_update": 4, "max_response_tokens": 24, "minibatches": 1},
              "arms": {"dialogues": {}, "single": {"turn_limit": 1} },
              "evaluation": {"problems": "problems.jsonl", "samples": 3, "turns": 2, "feedback": ["real"]}
            }
            """);
        return path;
    }

    Process Start(string sweep, string runs, params string[] more) => Processes.Start("dotnet",
        [Processes.Dll, "sweep", sweep, "--runs", folder.File(runs), "--out", folder.File(runs + ".json"), .. more], ("OMP_NUM_THREADS", "1"));

    // Runs whose training some process began: their places in the table.
    static string[] Begun(string output) => [.. Regex.Matches(output, @"^\[(\d)/4\] [a-z]+, shipped, seed \d$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal)];

    JsonNode Results(string runs) => JsonNode.Parse(File.ReadAllText(folder.File(runs + ".json")))!;

    [Theory]
    [InlineData("/base\"", "/none\"", "there is no such policy, which the sweep calls 'shipped'")]
    [InlineData("\"problems\": \"problems.jsonl\", \"samples\"", "\"problems\": \"others.jsonl\", \"samples\"", "others.jsonl")]
    public async Task What_a_sweep_names_and_is_not_there_is_missed_before_anything_is_trained(string text, string instead, string message)
    {
        var sweep = Write();
        File.WriteAllText(sweep, File.ReadAllText(sweep).Replace(text, instead, StringComparison.Ordinal));
        foreach (var more in (string[][])[["--dry-run"], []])
        {
            using var process = Start(sweep, "missing", more);
            var (code, output, error) = await process.FinishAsync();
            Assert.Equal((1, ""), (code, output));
            Assert.Contains(message, Assert.Single(error.Trim().Split('\n')));
        }
        Assert.False(Directory.Exists(folder.File("missing")));
    }

    [Fact]
    public async Task What_a_sweep_begins_with_is_made_where_it_is_missing()
    {
        var (sweep, made) = (Write(), folder.File("made"));
        File.WriteAllText(sweep, File.ReadAllText(sweep).Replace("\"problems\": \"problems.jsonl\", \"policies\"",
            $"\"inputs\": {{\"{made}/train.jsonl\": \"problems generate --out {made}\"}}, \"problems\": \"made/train.jsonl\", \"policies\"", StringComparison.Ordinal));
        foreach (var (more, begins) in ((string[], string)[])[(["--dry-run"], "first, for "), ([], "making "), (["--dry-run"], "dialogues, shipped, seed 1")])
        {
            using var process = Start(sweep, "begun", more);
            var (code, output, error) = await process.FinishAsync();
            Assert.True(code == 0, error);
            Assert.StartsWith(begins, output, StringComparison.Ordinal);
        }
        Assert.Equal(Runs, Results("begun")["runs"]!.AsArray().Count);

        File.WriteAllText(sweep, File.ReadAllText(sweep).Replace("/train.jsonl\": \"problems generate", "/more.jsonl\": \"problems generate --seed 3", StringComparison.Ordinal));
        using var failing = Start(sweep, "failed");
        Assert.Contains("holds other problems", (await failing.FinishAsync()).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("failed.json")));
    }

    [Fact]
    public async Task Jobs_share_the_runs_and_find_what_one_alone_finds()
    {
        var sweep = Write();
        using var alone = Start(sweep, "alone");
        var (code, output, error) = await alone.FinishAsync();
        Assert.True(code == 0, error);
        Assert.Equal(["1", "2", "3", "4"], Begun(output));

        using var together = Start(sweep, "together", "--jobs", "2");
        (code, output, error) = await together.FinishAsync();
        Assert.True(code == 0, error);
        Assert.Equal(["1", "2", "3", "4"], Begun(output));
        Assert.Contains("difference from the first", output);
        Assert.Equal(Results("alone")["rows"]!.ToJsonString(), Results("together")["rows"]!.ToJsonString());
        Assert.Equal(Results("alone")["runs"]!.AsArray().Select(r => r!["folder"]!.ToString()), Results("together")["runs"]!.AsArray().Select(r => r!["folder"]!.ToString()));

        using var again = Start(sweep, "together");
        (code, output, error) = await again.FinishAsync();
        Assert.True(code == 0, error);
        Assert.Empty(Begun(output));
        Assert.Equal(Runs, Regex.Count(output, "found$", RegexOptions.Multiline));
    }

    [Fact]
    public async Task What_a_job_leaves_behind_that_is_killed_another_takes_over()
    {
        using var sweep = Start(Write(updates: 3), "killed", "--jobs", "2");
        var error = sweep.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await BothBeganAsync(sweep);
        Jobs(sweep)[0].Kill();
        await sweep.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await sweep.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, sweep.ExitCode);
        Assert.Contains("1 of 2 jobs failed", await error);
        Assert.Equal(Runs, Results("killed")["runs"]!.AsArray().Count);
        Assert.All(Results("killed")["runs"]!.AsArray(), r => Assert.Equal(3, r!["updates"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Jobs_end_with_what_began_them()
    {
        using var sweep = Start(Write(updates: 1000), "orphaned", "--jobs", "2");
        await BothBeganAsync(sweep);
        var jobs = Jobs(sweep);
        Assert.Equal(2, jobs.Length);
        sweep.Kill();
        foreach (var job in jobs)
            await job.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    // Returns once each of two jobs has a run in hand.
    static async Task BothBeganAsync(Process sweep)
    {
        for (var begun = 0; begun < 2 && await sweep.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line;)
            begun += Begun(line).Length;
    }

    static Process[] Jobs(Process sweep)
    {
        return [.. Process.GetProcesses().Where(p => Parent(p.Id) == $"{sweep.Id}")];

        static string? Parent(int process)
        {
            try
            {
                return File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
            }
            catch (IOException)
            {
                return null; // It has just ended.
            }
        }
    }
}
