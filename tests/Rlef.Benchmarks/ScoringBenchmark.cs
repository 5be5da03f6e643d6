using System.CommandLine;
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
/// Scores HumanEval samples beside the usual harness, which starts a process for every check: the samples of a model, or else the references and
/// variants of them that are wrong.
/// </summary>
static partial class ScoringBenchmark
{
    const int Rounds = 3;

    /// <summary>HumanEval as it is published.</summary>
    public static string HumanEval { get; } = Home.File("..", "shared", "data", "humaneval", "HumanEval.jsonl.gz");

    /// <summary>Changes to a reference's body: those after the third make it wrong, mostly.</summary>
    public static IReadOnlyList<(string Name, Func<string, string> Change)> Variants { get; } =
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
    public static string? Hindrance => File.Exists(HumanEval) ? null : $"{Path.GetFullPath(HumanEval)} is missing";

    /// <summary>The scoring part of the sandbox benchmark alone.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var samples = new Option<FileInfo>("--samples") { Description = "HumanEval samples of a model, a JSON object with task_id and completion a line. [default: references and variants of them]" };
        var command = new RootCommand("Scores HumanEval samples beside a harness that starts a process for every check.") { samples.AcceptExistingOnly() };
        command.SetAction(async (parse, cancellation) =>
        {
            if (Hindrance is { } hindrance)
            {
                Console.Error.WriteLine(hindrance);
                return 1;
            }
            await using var local = await LocalSandbox.StartAsync(cancellation: cancellation);
            var json = new JsonObject { ["benchmark"] = "scoring", ["workers"] = Sandbox.DefaultWorkers };
            foreach (var (name, value) in await MeasureAsync(local, parse.GetValue(samples)?.FullName, cancellation))
                json[name] = value?.DeepClone();
            Console.WriteLine(json.ToJsonString(new JsonSerializerOptions()));
            return 0;
        });
        return command.Parse(args).InvokeAsync();
    }

    /// <summary>
    /// Measures both sides in turn, and prints where they disagree. The first round, which warms up, has all samples; the others leave out those that ran
    /// into the time limit, since they take as long as that limit however fast a side is.
    /// </summary>
    /// <param name="file">Samples; null for references and variants of them.</param>
    public static async Task<JsonObject> MeasureAsync(ISandbox sandbox, string? file = null, CancellationToken cancellation = default)
    {
        var reading = await ProblemReader.ReadAsync(HumanEval, sandbox, cancellation: cancellation);
        var problems = reading.ToSetWithoutFaulty();
        List<Row> rows = file is null
            ? [.. Variants.SelectMany(v => problems.Select(p => new Row(p.Id, v.Name, v.Change(p.Reference![p.CompletionPrefix.Length..]))))]
            : [.. SampleFile.Read(file, reading).Select(s => new Row(s.Task, $"line {s.Row + 1}", s.Program[problems[s.Task].CompletionPrefix.Length..]))];
        var scorer = new SampleScorer(reading, sandbox);
        var all = await RoundAsync(scorer, rows, cancellation);
        var differences = rows.Zip(all.Theirs, all.Ours).Where(d => d.Second == "passed" != (d.Third == VerdictKind.Accepted)).ToList();
        List<Row> quick = [.. rows.Where((_, i) => all.Ours[i] != VerdictKind.TimeLimit && all.Theirs[i] != "timed out")];
        List<Round> rounds = [];
        while (rounds.Count < Rounds)
            rounds.Add(await RoundAsync(scorer, quick, cancellation));
        double ours = Statistics.Median([.. rounds.Select(r => quick.Count / r.OurSeconds)]), theirs = Statistics.Median([.. rounds.Select(r => quick.Count / r.TheirSeconds)]);
        // Of the same round, so that the load of the machine cancels out.
        var ratio = Statistics.Median([.. rounds.Select(r => r.TheirSeconds / r.OurSeconds)]);
        Console.WriteLine($"scoring {quick.Count} HumanEval samples: {ours:F1} samples/s; a process per check: {theirs:F1} samples/s; ratio {ratio:F2}");
        Console.WriteLine($"with {rows.Count - quick.Count} more that ran into the time limit: {all.OurSeconds:F1} s; a process per check: {all.TheirSeconds:F1} s");
        Console.WriteLine($"verdicts that differ: {differences.Count}");
        foreach (var (row, their, our) in differences)
            Console.WriteLine($"  {row.Task}, {row.Name}: {our} here, {their} there");
        return new()
        {
            ["scoring_samples"] = quick.Count,
            ["scoring_samples_per_second"] = Math.Round(ours, 1),
            ["process_per_check_samples_per_second"] = Math.Round(theirs, 1),
            ["scoring_of_process_per_check"] = Math.Round(ratio, 2),
            ["scoring_timed_out"] = rows.Count - quick.Count,
            ["scoring_seconds_with_timed_out"] = Math.Round(all.OurSeconds, 2),
            ["process_per_check_seconds_with_timed_out"] = Math.Round(all.TheirSeconds, 2),
            ["scoring_accepted"] = all.Ours.Count(v => v == VerdictKind.Accepted),
            ["scoring_differences"] = differences.Count,
        };
    }

    static async Task<Round> RoundAsync(SampleScorer scorer, List<Row> rows, CancellationToken cancellation)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, rows.Select(r => new JsonObject { ["task_id"] = r.Task, ["completion"] = r.Completion }.ToJsonString()), cancellation);
            var started = Stopwatch.GetTimestamp();
            var scores = await scorer.ScoreAsync(file, cancellation: cancellation);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var verdicts = scores.Tasks.ToDictionary(t => t.TaskId, t => new Queue<VerdictKind>(t.Verdicts));
            var (theirSeconds, outcomes) = await ProcessPerCheck.RunAsync(HumanEval, file);
            return new(seconds, [.. rows.Select(r => verdicts[r.Task].Dequeue())], theirSeconds, outcomes);
        }
        finally
        {
            File.Delete(file);
        }
    }

    sealed record Row(string Task, string Name, string Completion);

    sealed record Round(double OurSeconds, VerdictKind[] Ours, double TheirSeconds, string[] Theirs);

    [GeneratedRegex(@"\breturn ")]
    private static partial Regex Return();

    [GeneratedRegex(@"\b1\b")]
    private static partial Regex One();
}
