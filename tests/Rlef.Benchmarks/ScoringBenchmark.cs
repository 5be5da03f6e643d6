using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Evaluation.Samples;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Benchmarks;

/// <summary>
/// Scores a file of HumanEval samples beside the usual harness, which starts a process for every check. The samples are the references and variants of
/// them that are wrong without running for ever: a sample that runs into the time limit costs either side that limit, however fast it is.
/// </summary>
static partial class ScoringBenchmark
{
    const int Rounds = 3;

    static readonly string set = Home.File("..", "shared", "data", "humaneval", "HumanEval.jsonl.gz");

    static readonly (string Name, Func<string, string> Change)[] variants =
    [
        ("reference", text => text),
        ("reference again", text => text),
        ("reference once more", text => text),
        ("nothing done", _ => "    pass\n"),
        ("negated return", text => Return().Replace(text, "return not ", 1)),
        ("one becomes two", text => One().Replace(text, "2", 1)),
        ("bracket left open", text => text.Replace("(", "((", StringComparison.Ordinal)),
    ];

    /// <summary>Why it cannot be measured here, or null.</summary>
    public static string? Hindrance => File.Exists(set) ? null : $"{Path.GetFullPath(set)} is missing";

    /// <summary>The scoring part of the sandbox benchmark alone.</summary>
    public static async Task<int> RunAsync()
    {
        if (Hindrance is { } hindrance)
        {
            Console.Error.WriteLine(hindrance);
            return 1;
        }
        await using var local = await LocalSandbox.StartAsync();
        var json = new JsonObject { ["benchmark"] = "scoring", ["workers"] = Sandbox.DefaultWorkers };
        foreach (var (name, value) in await RunAsync(local))
            json[name] = value?.DeepClone();
        Console.WriteLine(json.ToJsonString(new JsonSerializerOptions()));
        return 0;
    }

    /// <summary>Measures both sides in turn, and prints where they disagree.</summary>
    public static async Task<JsonObject> RunAsync(ISandbox sandbox)
    {
        var problems = (await ProblemReader.ReadAsync(set, sandbox)).ToSetWithoutFaulty();
        var samples = Path.GetTempFileName();
        try
        {
            var rows = variants.SelectMany(v => problems.Select(p => (Task: p.Id, Variant: v.Name, Completion: v.Change(p.Reference![p.CompletionPrefix.Length..])))).ToList();
            await File.WriteAllLinesAsync(samples, rows.Select(r => new JsonObject { ["task_id"] = r.Task, ["completion"] = r.Completion }.ToJsonString()));
            List<double> ours = [], theirs = [];
            SampleScores? scores = null;
            string[] outcomes = [];
            for (var round = 0; round < Rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                scores = await new SampleScorer(problems, sandbox).ScoreAsync(samples);
                ours.Add(rows.Count / Stopwatch.GetElapsedTime(started).TotalSeconds);
                (var seconds, outcomes) = await HarnessAsync(samples);
                theirs.Add(rows.Count / seconds);
            }
            return Report(rows, scores!, outcomes, ours, theirs);
        }
        finally
        {
            File.Delete(samples);
        }
    }

    static JsonObject Report(List<(string Task, string Variant, string Completion)> rows, SampleScores scores, string[] outcomes, List<double> ours, List<double> theirs)
    {
        var verdicts = scores.Tasks.ToDictionary(t => t.TaskId, t => new Queue<VerdictKind>(t.Verdicts));
        var differences = rows.Zip(outcomes, (row, outcome) => (row, outcome, verdict: verdicts[row.Task].Dequeue()))
            .Where(d => d.outcome == "passed" != (d.verdict == VerdictKind.Accepted)).Select(d => $"{d.row.Task}, {d.row.Variant}: {d.verdict} here, {d.outcome} there").ToList();
        // Of the same round, so that the load of the machine cancels out.
        var ratio = Statistics.Median([.. ours.Zip(theirs, (o, t) => o / t)]);
        Console.WriteLine($"scoring {rows.Count} HumanEval samples: {Statistics.Median(ours):F1} samples/s; a process per check: {Statistics.Median(theirs):F1} samples/s; ratio {ratio:F2}");
        Console.WriteLine($"verdicts that differ: {differences.Count}");
        foreach (var difference in differences)
            Console.WriteLine($"  {difference}");
        return new()
        {
            ["scoring_samples"] = rows.Count,
            ["scoring_samples_per_second"] = Math.Round(Statistics.Median(ours), 1),
            ["process_per_check_samples_per_second"] = Math.Round(Statistics.Median(theirs), 1),
            ["scoring_of_process_per_check"] = Math.Round(ratio, 2),
            ["scoring_accepted"] = scores.Tasks.Sum(t => t.C),
            ["scoring_differences"] = differences.Count,
        };
    }

    static async Task<(double Seconds, string[] Outcomes)> HarnessAsync(string samples)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "process_per_check.py");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, set, samples, $"{Sandbox.DefaultWorkers}"]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var json = JsonNode.Parse(output) ?? throw new InvalidOperationException($"{script} ended with exit code {process.ExitCode}.");
        return (json["seconds"]!.GetValue<double>(), json["outcomes"].Deserialize<string[]>()!);
    }

    [GeneratedRegex(@"\breturn ")]
    private static partial Regex Return();

    [GeneratedRegex(@"\b1\b")]
    private static partial Regex One();
}
