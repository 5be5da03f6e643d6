using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Evaluation.Samples;

/// <summary>The scores of a file of samples: pass@k, n@k, and what the verdicts were.</summary>
public sealed class SampleScores
{
    readonly bool hasPublicTests;

    /// <param name="samples">For each sample the problem's id and number, see <see cref="Sample.Blemish"/>, and what the judge said, if it was asked.</param>
    internal SampleScores(ProblemReading reading, IReadOnlyList<PythonPackage> packages, IReadOnlyList<(string Task, int? Problem, string? Blemish, SampleOutcome? Outcome)> samples)
    {
        var problems = reading.ToSetWithoutFaulty();
        Packages = packages;
        hasPublicTests = problems.Any(p => !p.PublicTests.SequenceEqual(p.PrivateTests));
        var byProblem = samples.Where(s => s.Outcome is not null).GroupBy(s => s.Problem!.Value, s => s.Outcome!.Value).OrderBy(g => g.Key)
            .Select(g => (Problem: problems[g.Key], Outcomes: g.ToList(), g.FirstOrDefault(o => o.Checker is not null).Checker)).ToList();
        Tasks = [.. byProblem.Where(g => g.Checker is null).Select(g =>
        {
            var judged = g.Outcomes.Where(s => s.Verdict != VerdictKind.InfrastructureError).ToList();
            return new TaskScore(g.Problem.Id, g.Problem.Cluster, judged.Count, judged.Count(s => s.Verdict == VerdictKind.Accepted),
                judged.Count(s => s.PublicPassed), [.. g.Outcomes.Select(s => s.Verdict)], [.. g.Outcomes.Select((s, i) => (i, s.Failure)).Where(f => f.Failure is not null)!]);
        })];
        Blemishes = [.. samples.Where(s => s.Blemish is not null && s.Outcome?.Verdict == VerdictKind.CompileError).CountBy(s => s.Blemish!)
            .OrderByDescending(b => b.Value).Select(b => (b.Key, b.Value))];
        WithoutSamples = [.. problems.Select(p => p.Id).Except(byProblem.Select(g => g.Problem.Id))];
        Unread = [.. UnreadOf(reading, samples.Where(s => s.Problem is null).Select(s => s.Task)),
            .. byProblem.Where(g => g.Checker is not null).Select(g => new UnreadTask(g.Problem.Id, g.Outcomes.Count, g.Checker!))];
    }

    /// <summary>What the programs could import beside the standard library.</summary>
    public IReadOnlyList<PythonPackage> Packages { get; }

    /// <summary>Problems with samples, in the order of the set.</summary>
    public ImmutableArray<TaskScore> Tasks { get; }

    /// <summary>Problems that no sample is for. They are no part of any score.</summary>
    public ImmutableArray<string> WithoutSamples { get; }

    /// <summary>Problems that cannot be read, those whose checker fails, and their samples. They are no part of any score.</summary>
    public ImmutableArray<UnreadTask> Unread { get; }

    public int Samples => Tasks.Sum(t => t.Verdicts.Length) + Unread.Sum(t => t.Samples);

    /// <summary>Samples that the sandbox itself failed on.</summary>
    public int Failed => Tasks.Sum(t => t.Verdicts.Length - t.N);

    /// <summary>Samples that no score counts: the sandbox failed on them, their problem cannot be read, or its checker fails.</summary>
    public int Unjudged => Failed + Unread.Sum(t => t.Samples);

    /// <summary>Of samples that do not compile, what they have that is no Python, and how many: texts around code, most likely, rather than code.</summary>
    public ImmutableArray<(string What, int Samples)> Blemishes { get; }

    /// <summary>The largest k for which every problem has samples enough.</summary>
    public int LargestK => Tasks.Select(t => t.N).DefaultIfEmpty().Min();

    /// <summary>How often each verdict was given.</summary>
    public IEnumerable<(VerdictKind Kind, int Count)> Histogram =>
        Tasks.SelectMany(t => t.Verdicts).GroupBy(v => v).OrderBy(g => g.Key).Select(g => (g.Key, g.Count()));

    /// <summary>Unbiased pass@k (Chen et al. 2021), the mean over problems.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A problem has fewer than k samples.</exception>
    public Interval PassAtK(int k) => Mean(t => SolveRate.PassAtK(t.N, t.C, k));

    /// <summary>n@k: n submissions chosen from k samples by the public tests. Null where the set has no public tests of their own.</summary>
    public Interval? NAtK(int n, int k) => hasPublicTests
        ? Mean(t => SolveRate.NAtK(t.N, t.PublicPassed, t.C, n, k))
        : null;

    Interval Mean(Func<TaskScore, double> score) => Estimates.Mean(new Scores(Tasks.Select(t => (t.TaskId, t.Cluster, score(t)))));

    /// <summary>The scores as JSON.</summary>
    /// <param name="ks">Those larger than <see cref="LargestK"/> are left out.</param>
    public JsonObject ToJson(IEnumerable<int> ks)
    {
        int[] known = [.. ks.Where(k => k <= LargestK).Distinct().Order()];
        JsonObject pass = [], passInterval = [], solve = [], solveInterval = [];
        foreach (var k in known)
        {
            Put(pass, passInterval, k.ToString(CultureInfo.InvariantCulture), PassAtK(k));
            foreach (var n in (int[])[1, 10])
                if (n <= k && NAtK(n, k) is { } rate)
                    Put(solve, solveInterval, string.Create(CultureInfo.InvariantCulture, $"{n}@{k}"), rate);
        }
        return new JsonObject
        {
            ["pass@k"] = pass,
            ["pass@k_interval"] = passInterval,
            ["n@k"] = solve,
            ["n@k_interval"] = solveInterval,
            ["samples"] = Samples,
            ["unjudged"] = Unjudged,
            ["without_samples"] = new JsonArray([.. WithoutSamples.Select(id => (JsonNode)id)]),
            ["unread"] = new JsonArray([.. Unread.Select(t => (JsonNode)new JsonObject
            {
                ["task_id"] = t.TaskId,
                ["samples"] = t.Samples,
                ["reason"] = t.Reason,
            })]),
            ["python_packages"] = new JsonObject(Packages.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.Version))),
            ["verdicts"] = new JsonObject(Histogram.Select(h => KeyValuePair.Create(h.Kind.ToString(), (JsonNode?)h.Count))),
            ["tasks"] = new JsonArray([.. Tasks.Select(ToJson)]),
        };

        static void Put(JsonObject estimates, JsonObject intervals, string name, Interval interval)
        {
            estimates[name] = interval.Estimate;
            intervals[name] = new JsonArray(interval.Low, interval.High);
        }
    }

    // Every record with a fault, the samples of each id with the first, and what samples name in place of an id that a record does not tell.
    static IEnumerable<UnreadTask> UnreadOf(ProblemReading reading, IEnumerable<string> tasks)
    {
        var counts = tasks.CountBy(task => task).ToDictionary();
        foreach (var fault in reading.Faults)
            yield return new(fault.Problem, counts.Remove(fault.Problem, out var samples) ? samples : 0, $"{fault}");
        var nameless = reading.Faults.Where(f => f.Problem.Length == 0).ToList();
        foreach (var (task, samples) in counts)
            yield return new(task, samples, nameless.Count == 1 ? $"{nameless[0]}" : $"the id may be that of one of {nameless.Count} records that do not tell theirs: {string.Join("; ", nameless)}");
    }

    static JsonNode ToJson(TaskScore task)
    {
        var json = new JsonObject
        {
            ["task_id"] = task.TaskId,
            ["n"] = task.N,
            ["c"] = task.C,
            ["verdicts"] = new JsonArray([.. task.Verdicts.Select(v => (JsonNode)v.ToString())]),
        };
        if (!task.Failures.IsEmpty)
            json["failures"] = new JsonArray([.. task.Failures.Select(f =>
            {
                var failure = (JsonObject)JsonSerializer.SerializeToNode(f.Failure, SampleFailure.Json)!;
                failure.Insert(0, "sample", f.Sample);
                return (JsonNode)failure;
            })]);
        return json;
    }

    /// <summary>Writes the scores to a new file beside and puts it in place at once.</summary>
    public void Save(string path, IEnumerable<int> ks) => AtomicFile.WriteText(path, ToJson(ks).ToJsonString(JsonText.Line) + "\n");
}
