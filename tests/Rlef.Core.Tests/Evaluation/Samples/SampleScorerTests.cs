using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Rlef.Evaluation.Samples;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Evaluation.Samples;

public sealed partial class SampleScorerTests(Sandboxes sandboxes) : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-samples-").FullName;

    static readonly ProblemReading Set = ProblemReading.Of(new("set",
    [
        new() { Id = "double", Statement = "Double.", PublicTests = [new("1", "2")], PrivateTests = [new("2", "4"), new("3", "6")], CompletionPrefix = "n = int(input())\n" },
        new() { Id = "7", Statement = "Halve.", PublicTests = [new("2", "1")], PrivateTests = [new("5", "2")], CompletionPrefix = "n = int(input())\n" },
        new() { Id = "unasked", Statement = "-", PublicTests = [new("", "-")], PrivateTests = [new("", "-")] },
    ]));

    static readonly string[] Rows =
    [
        """{"task_id":"double","completion":"print(2*n)"}""",
        """{"task_id":7,"completion":"print(n//2)"}""",
        """{"id":"double","program":"print(2)"}""",
        """{"task_id":"double","solution":"print("}""",
        """{"task_id":7,"completion":"print(n/2)"}""",
        """{"task_id":"double","completion":"print(n+n)"}""",
        """{"task_id":7,"completion":"print(1)"}""",
    ];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string name, IEnumerable<string> rows)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path, rows);
        return path;
    }

    Task<SampleScores> ScoreAsync(string samples, string? journal = null, IProgress<(int, int)>? done = null, CancellationToken stop = default) =>
        new SampleScorer(Set, sandboxes.Local).ScoreAsync(samples, journal, done, stop);

    [Fact]
    public async Task Results_say_what_programs_could_import_and_are_judged_anew_where_it_differs()
    {
        var (packaged, reason) = await sandboxes.PackagedAsync;
        Assert.SkipWhen(packaged is null, reason ?? "");
        var (samples, journal) = (Write("s.jsonl", ["""{"task_id":"double","program":"import numpy\nprint(2*int(input()))"}"""]), Path.Combine(folder, "journal"));
        var without = await ScoreAsync(samples, journal);
        Assert.Equal((VerdictKind.RuntimeError, "{}"), (without.Tasks[0].Verdicts[0], without.ToJson([1])["python_packages"]!.ToJsonString()));
        var with = await new SampleScorer(Set, packaged).ScoreAsync(samples, journal);
        Assert.Equal((VerdictKind.Accepted, packaged.Packages.First(p => p.Name == "numpy").Version), (with.Tasks[0].Verdicts[0], (string?)with.ToJson([1])["python_packages"]!["numpy"]));
    }

    [Theory]
    [InlineData("\"program\":\"\\ud83d print(2*int(input()))\"")]
    [InlineData("\"program\":\"print(2*int(input()))  # \\ud83d\"")]
    [InlineData("\"completion\":\"print(2*n, '\\udE00'[1:])\"")]
    public async Task A_program_with_half_a_character_does_not_compile_and_the_others_are_scored(string broken)
    {
        var scores = await ScoreAsync(Write("s.jsonl", [$"{{\"task_id\":\"double\",{broken}}}", """{"task_id":"double","program":"print(2*int(input())) # \ud83d\ude00 \\ud83d"}"""]));
        Assert.Equal([VerdictKind.CompileError, VerdictKind.Accepted], scores.Tasks[0].Verdicts);
    }

    [Fact]
    public async Task Samples_are_scored_in_their_order()
    {
        var scores = await ScoreAsync(Write("s.jsonl", Rows));
        Assert.Equal(["double", "7"], scores.Tasks.Select(t => t.TaskId));
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.CompileError, VerdictKind.Accepted], scores.Tasks[0].Verdicts);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.WrongAnswer], scores.Tasks[1].Verdicts);
        Assert.Equal([(4, 2, 3), (3, 1, 2)], scores.Tasks.Select(t => (t.N, t.C, t.PublicPassed)));
        Assert.Equal(["unasked"], scores.WithoutSamples);
        Assert.Equal((3, 7, 0), (scores.LargestK, scores.Samples, scores.Unjudged));
        Assert.Equal([(VerdictKind.Accepted, 3), (VerdictKind.WrongAnswer, 3), (VerdictKind.CompileError, 1)], scores.Histogram);
        // By enumeration: pass@2 = ((1 - 1/6) + (1 - 1/3)) / 2.
        Assert.Equal((2.0 / 4 + 1.0 / 3) / 2, scores.PassAtK(1).Estimate, 12);
        Assert.Equal((5.0 / 6 + 2.0 / 3) / 2, scores.PassAtK(2).Estimate, 12);
        // 1@3 of the second: two pass the public test, one of them is right: a coin.
        Assert.Equal(0.5, SolveRateOf(scores, 1), 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => scores.PassAtK(4));
    }

    [Fact]
    public async Task Problems_of_one_cluster_are_no_independent_draws()
    {
        var scores = await IntervalAsync(i => i);
        var clustered = await IntervalAsync(i => i / 4);
        Assert.Equal(scores.Estimate, clustered.Estimate);
        Assert.True(clustered.High - clustered.Low > scores.High - scores.Low, $"{clustered} is no wider than {scores}");

        async Task<Rlef.Evaluation.Interval> IntervalAsync(Func<int, int> core)
        {
            var set = new ProblemSet("clusters", Enumerable.Range(0, 12).Select(i => new Problem
            {
                Id = $"{i}", Statement = "-", PublicTests = [new("", $"{i / 4}")], PrivateTests = [new("", $"{i / 4}")], Labels = ImmutableDictionary<string, string>.Empty.Add("core", $"{core(i)}"),
            }));
            var samples = Write("c.jsonl", set.Select(p => $"{{\"task_id\":\"{p.Id}\",\"program\":\"print(1)\"}}"));
            return (await new SampleScorer(ProblemReading.Of(set), sandboxes.Local).ScoreAsync(samples)).PassAtK(1);
        }
    }

    [Fact]
    public async Task All_tests_are_run_where_asked_and_the_gravest_verdict_counts()
    {
        // Wrong on the public test, then an exception.
        var samples = Write("s.jsonl", ["""{"task_id":"double","completion":"print(1//(n-2))"}""", """{"task_id":"double","completion":"print(2*n)"}"""]);
        Assert.Equal([VerdictKind.WrongAnswer, VerdictKind.Accepted], (await ScoreAsync(samples)).Tasks[0].Verdicts);
        var all = await new SampleScorer(Set, sandboxes.Local, stopAtFirstFailure: false).ScoreAsync(samples);
        Assert.Equal([VerdictKind.RuntimeError, VerdictKind.Accepted], all.Tasks[0].Verdicts);
        Assert.Equal((2, 1, 1), (all.Tasks[0].N, all.Tasks[0].C, all.Tasks[0].PublicPassed));
    }

    static double SolveRateOf(SampleScores scores, int task) =>
        Rlef.Evaluation.SolveRate.NAtK(scores.Tasks[task].N, scores.Tasks[task].PublicPassed, scores.Tasks[task].C, 1, 3);

    [Fact]
    public async Task Results_are_what_was_promised()
    {
        var path = Path.Combine(folder, "results.json");
        (await ScoreAsync(Write("s.jsonl", Rows))).Save(path, [1, 2, 100]);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(["1", "2"], json["pass@k"]!.AsObject().Select(p => p.Key));
        Assert.Equal(0.75, json["pass@k"]!["2"]!.GetValue<double>(), 12);
        Assert.Equal("""{"task_id":"7","n":3,"c":1,"verdicts":["Accepted","WrongAnswer","WrongAnswer"]}""", json["tasks"]![1]!.ToJsonString());
        Assert.InRange(json["pass@k"]!["1"]!.GetValue<double>(), json["pass@k_interval"]!["1"]![0]!.GetValue<double>(), json["pass@k_interval"]!["1"]![1]!.GetValue<double>());
    }

    [Fact]
    public async Task An_interrupted_evaluation_goes_on_where_it_was()
    {
        var (samples, journal) = (Write("s.jsonl", Rows), Path.Combine(folder, "journal"));
        using (var stop = new CancellationTokenSource())
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ScoreAsync(samples, journal, new Reporter(done => { if (done.Done == 3) stop.Cancel(); }), stop.Token));
        var kept = File.ReadAllLines(journal).Length - 1;
        Assert.InRange(kept, 3, 6);
        // Killed in the middle of a line.
        File.AppendAllText(journal, "5 Acc");
        List<int> reports = [];
        var scores = await ScoreAsync(samples, journal, new Reporter(done => reports.Add(done.Done)));
        Assert.Equal(Enumerable.Range(kept + 1, 7 - kept), reports);
        Assert.Equal((await ScoreAsync(samples)).ToJson([1]).ToJsonString(), scores.ToJson([1]).ToJsonString());
        Assert.Equal(8, File.ReadAllLines(journal).Length);
        // Another file of samples starts anew.
        reports.Clear();
        await ScoreAsync(Write("t.jsonl", Rows[..2]), journal, new Reporter(done => reports.Add(done.Done)));
        Assert.Equal([1, 2], reports);
    }

    // A published set has rows that cannot be read, and a file of samples for all of it is scored all the same.
    [Fact]
    public async Task Samples_for_problems_that_cannot_be_read_are_counted_and_told()
    {
        var samples = Write("s.jsonl", [.. Rows, """{"task_id":"lost","completion":"print(1)"}""", """{"task_id":"lost","completion":"print(2)"}"""]);
        ProblemFault[] faults = [new("set.jsonl", 4, "lost", "private_tests", "empty.")];
        var scores = await new SampleScorer(Set with { Faults = [.. faults] }, sandboxes.Local).ScoreAsync(samples, Path.Combine(folder, "journal"));
        Assert.Equal((9, 2, 0), (scores.Samples, scores.Unjudged, scores.Failed));
        Assert.Equal((await ScoreAsync(Write("t.jsonl", Rows))).PassAtK(2), scores.PassAtK(2));
        var json = scores.ToJson([1]);
        Assert.Equal("""[{"task_id":"lost","samples":2,"reason":"set.jsonl, line 4, problem \u0027lost\u0027, field \u0027private_tests\u0027: empty."}]""", json["unread"]!.ToJsonString());
        Assert.Equal(2, json["unjudged"]!.GetValue<int>());
        // An id that no fault has is a mistake, unless a row could not tell its id.
        await Assert.ThrowsAsync<ProblemFormatException>(() => new SampleScorer(Set with { Faults = [faults[0] with { Problem = "else" }] }, sandboxes.Local).ScoreAsync(samples));
        Assert.Equal(2, (await new SampleScorer(Set with { Faults = [faults[0] with { Problem = "" }] }, sandboxes.Local).ScoreAsync(samples)).Unjudged);
    }

    [Fact]
    public async Task Every_record_with_a_fault_is_listed()
    {
        ProblemFault[] faults = [new("set.jsonl", 4, "", "(line)", "torn."), new("set.jsonl", 5, "lost", "tests", "empty."), new("set.jsonl", 6, "", "id", "missing."), new("set.jsonl", 7, "double", "id", "repeated.")];
        var samples = Write("s.jsonl", [.. Rows, """{"task_id":"lost","completion":"print(1)"}""", """{"task_id":"other","completion":"print(2)"}"""]);
        var scores = await new SampleScorer(Set with { Faults = [.. faults] }, sandboxes.Local).ScoreAsync(samples);
        Assert.Equal([("", 0), ("lost", 1), ("", 0), ("double", 0), ("other", 1)], scores.Unread.Select(u => (u.TaskId, u.Samples)));
        Assert.Equal(faults.Select(f => $"{f}"), scores.Unread[..4].Select(u => u.Reason));
        Assert.Contains("line 6", scores.Unread[4].Reason);
    }

    [Fact]
    public async Task A_problem_whose_checker_fails_does_not_hide_the_scores_of_the_others()
    {
        var broken = Set.Problems[0].Problem with { Id = "broken", Checker = "def check(input, expected, output):\n    return expected.split()[9] == output" };
        var set = Set with { Problems = Set.Problems.Add(Set.Problems[0] with { Problem = broken }) };
        var samples = Write("s.jsonl", [.. Rows, """{"task_id":"broken","completion":"print(1)"}"""]);
        var scores = await new SampleScorer(set, sandboxes.Local).ScoreAsync(samples);
        Assert.Equal((await ScoreAsync(Write("t.jsonl", Rows))).PassAtK(1), scores.PassAtK(1));
        Assert.Equal((0, 1, "unasked"), (scores.Failed, scores.Unjudged, scores.WithoutSamples.Single()));
        Assert.Equal(new UnreadTask("broken", 1, "The checker failed: IndexError: list index out of range"), Assert.Single(scores.Unread));
    }

    [Fact]
    public async Task Samples_for_nothing_but_unread_problems_are_no_score()
    {
        var samples = Write("s.jsonl", ["""{"task_id":"lost","completion":"print(1)"}"""]);
        var e = await Assert.ThrowsAsync<ProblemFormatException>(() =>
            new SampleScorer(Set with { Faults = [new("set.jsonl", 4, "lost", "private_tests", "empty.")] }, sandboxes.Local).ScoreAsync(samples));
        Assert.Contains("line 4, problem 'lost'", e.Message);
    }

    [Fact]
    public async Task No_samples_are_no_score() =>
        await Assert.ThrowsAsync<ProblemFormatException>(() => ScoreAsync(Write("s.jsonl", [""])));

    sealed class Reporter(Action<(int Done, int Total)> report) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => report(value);
    }
}
