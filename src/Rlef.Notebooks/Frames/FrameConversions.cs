using Microsoft.Data.Analysis;
using Rlef.Evaluation;
using Rlef.Experiments;
using Rlef.Learning;

namespace Rlef.Notebooks;

/// <summary>Runs and results as data frames, to filter, group and sort in a notebook.</summary>
public static class FrameConversions
{
    /// <summary>The metrics of a run: one row an update, one column a metric (see docs/metrics.md).</summary>
    public static DataFrame ToDataFrame(this RunDirectory run) => run.ReadMetrics().ToDataFrame();

    /// <inheritdoc cref="ToDataFrame(RunDirectory)"/>
    public static DataFrame ToDataFrame(this IReadOnlyList<IReadOnlyDictionary<string, double>> metrics) => Metrics([], metrics);

    /// <summary>The metrics of several runs under each other, told apart by the column <c>run</c>.</summary>
    public static DataFrame ToDataFrame(this IEnumerable<(string Run, IReadOnlyList<IReadOnlyDictionary<string, double>> Metrics)> runs)
    {
        var all = runs.ToList();
        return Metrics([new StringDataFrameColumn("run", all.SelectMany(r => r.Metrics.Select(_ => r.Run)))], [.. all.SelectMany(r => r.Metrics)]);
    }

    /// <summary>
    /// One row a problem: its labels, and which share of its dialogues is solved by one program (<c>1@1</c>), by one of three independent programs
    /// (<c>1@3 single-turn</c>) and within each turn limit (<c>1@2 multi-turn</c>, …).
    /// </summary>
    public static DataFrame ToDataFrame(this EvaluationResult result, int turnLimit = 3)
    {
        var problems = result.Episodes.Where(e => e.Counts).GroupBy(e => e.Problem.Id).ToDictionary(g => g.Key, g => g.ToList());
        List<string> ids = [.. result.Episodes.Select(e => e.Problem.Id).Distinct().Where(problems.ContainsKey)];
        var labels = ids.SelectMany(id => problems[id][0].Problem.Labels.Keys).Except(["problem", "dialogues"]).Order(StringComparer.Ordinal);
        return new(
        [
            new StringDataFrameColumn("problem", ids),
            .. labels.Select(label => new StringDataFrameColumn(label, ids.Select(id => problems[id][0].Problem.Labels.GetValueOrDefault(label)))),
            new Int32DataFrameColumn("dialogues", ids.Select(id => problems[id].Count)),
            new DoubleDataFrameColumn(Budget.First, result.MultiTurn(1)),
            .. result.Samples < 3 ? [] : (DataFrameColumn[])[new DoubleDataFrameColumn(Budget.SingleTurn(1, 3), ids.Select(result.SingleTurn(1, 3).Of))],
            .. Enumerable.Range(2, Math.Max(0, turnLimit - 1)).Select(turns => new DoubleDataFrameColumn(Budget.MultiTurn(turns), result.MultiTurn(turns))),
        ]);
    }

    /// <summary>One row a dialogue: problem, sample, turns, tokens, the outcome of the first and the last program on the public tests, and whether it is solved.</summary>
    public static DataFrame EpisodesToDataFrame(this EvaluationResult result)
    {
        var episodes = result.Episodes;
        return new(
            new StringDataFrameColumn("problem", episodes.Select(e => e.Problem.Id)),
            new Int32DataFrameColumn("sample", episodes.Select(e => e.Sample)),
            new Int32DataFrameColumn("turns", episodes.Select(e => e.Own.Count())),
            new Int32DataFrameColumn("tokens", episodes.Select(e => e.Length)),
            new StringDataFrameColumn("first", episodes.Select(e => e.Own.FirstOrDefault()?.Public?.Kind.ToString() ?? "NoCode")),
            new StringDataFrameColumn("last", episodes.Select(e => e.Last.Public?.Kind.ToString() ?? "NoCode")),
            new BooleanDataFrameColumn("solved", episodes.Select(e => e.Solved)),
            new BooleanDataFrameColumn("masked", episodes.Select(e => e.Masked)));
    }

    /// <summary>Before and after, and what changed: one row a measure and policy, the share of held-out problems solved, with its 95 % interval.</summary>
    public static DataFrame ToDataFrame(this RunResults results)
    {
        (string Policy, string Measure, Interval Rate)[] rows =
        [
            .. Rows("before", results.Before),
            .. Rows("after", results.After),
            .. Rows("change", results.Change),
        ];
        return new(
            new StringDataFrameColumn("policy", rows.Select(r => r.Policy)),
            new StringDataFrameColumn("measure", rows.Select(r => r.Measure)),
            new DoubleDataFrameColumn("solved", rows.Select(r => r.Rate.Estimate)),
            new DoubleDataFrameColumn("low", rows.Select(r => r.Rate.Low)),
            new DoubleDataFrameColumn("high", rows.Select(r => r.Rate.High)));

        static (string, string, Interval)[] Rows(string policy, SolveRates rates) =>
            [(policy, Budget.First, rates.First), (policy, Budget.SingleTurn(1, 3), rates.SingleTurn), (policy, Budget.MultiTurn(3), rates.MultiTurn)];
    }

    static DataFrame Metrics(IEnumerable<DataFrameColumn> before, IReadOnlyList<IReadOnlyDictionary<string, double>> metrics) => new(
    [
        .. before,
        .. metrics.SelectMany(m => m.Keys).Distinct().OrderByDescending(name => name == "update").Select(name => name == "update"
            ? (DataFrameColumn)new Int32DataFrameColumn(name, metrics.Select(m => (int)m[name]))
            : new DoubleDataFrameColumn(name, metrics.Select(m => m.TryGetValue(name, out var value) ? value : (double?)null))),
    ]);
}
