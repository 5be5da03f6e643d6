using Plotly.NET;
using Rlef.Execution;

namespace Rlef.Notebooks;

/// <summary>The curves of runs, by what they tell. Of one run the metrics of a panel share a figure; of several each metric has one, with a line a run.</summary>
internal static class RunFigures
{
    private const int Points = 500;

    private sealed record Panel(string Section, string Title, string Axis, params (string Name, string Metric)[] Lines);

    private static readonly Panel[] Panels =
    [
        new("Learning", "Episodes that reach their goal", "share of episodes", ("solved", "solve_rate"), ("first turn", "first_turn_pass_rate"), ("public tests at the end", "public_pass_rate")),
        new("Learning", "What episodes are paid", "mean of episodes", ("reward", "reward"), ("return, KL penalty included", "return")),
        new("Policy", "Distance from the reference policy", "nats a token", ("KL", "kl")),
        new("Policy", "Entropy of the next token", "nats", ("entropy", "entropy")),
        new("Policy", "Tokens that clipping holds back", "share of tokens", ("clip fraction", "clip_fraction")),
        new("Policy", "Step of an update", "nats a token", ("approximate KL from the policy before", "approx_kl")),
        new("Critic", "Explained variance of returns", "1 − Var(return − value) / Var(return)", ("explained variance", "explained_variance")),
        new("Dialogues", "Verdicts on the public tests", "share of responses",
            [.. Enum.GetValues<VerdictKind>().Select(kind => (kind.ToString(), $"verdict_{kind.ToString().ToLowerInvariant()}")), ("no program", "no_code_rate")]),
        new("Dialogues", "Length of a response", "tokens", ("response", "response_tokens")),
        new("Dialogues", "Turns of an episode", "responses", ("turns", "turns")),
        new("Speed", "Tokens", "tokens a second", ("decoding", "generation_tokens_per_second"), ("learning", "learning_tokens_per_second")),
        new("Speed", "Programs run", "tests a second", ("tests", "executions_per_second")),
        new("Speed", "Time of an update", "seconds", ("decoding", "generation_seconds"), ("waiting for verdicts", "judge_wait_seconds"),
            ("measuring", "measuring_seconds"), ("learning", "learning_seconds")),
    ];

    /// <summary>The figures, each with the section it belongs to. What no run has measured is left out.</summary>
    public static IEnumerable<(string Section, GenericChart Chart)> Of(IReadOnlyList<ShownRun> runs)
    {
        foreach (var panel in Panels)
        {
            // Of the verdicts those that occur.
            var lines = panel.Lines.Where(line => runs.Any(run => run.Metrics.Any(m => m.TryGetValue(line.Metric, out var value) && (value != 0 || !IsVerdict(line.Metric))))).ToList();
            if (runs.Count == 1 && lines.Count > 0)
                yield return (panel.Section, Charts.OverUpdates(panel.Title, panel.Axis, lines.Zip(Colours(lines), (line, colour) => Series(line.Name, colour, runs[0], line.Metric)),
                    Curves.IsShare(lines[0].Metric)));
            else
                foreach (var (name, metric) in lines)
                    yield return (panel.Section, Charts.OverUpdates(lines.Count == 1 ? panel.Title : $"{panel.Title}: {name}", panel.Axis,
                        runs.Zip(Palette.Distinct([.. runs.Select(run => run.Name)]), (run, colour) => Series(run.Name, colour, run, metric))
                            .Where(series => series.Updates.Count > 0), Curves.IsShare(metric)));
        }
    }

    private static bool IsVerdict(string metric) => metric.StartsWith("verdict_", StringComparison.Ordinal);

    private static IReadOnlyList<string> Colours(IReadOnlyList<(string Name, string Metric)> lines) => lines.Any(line => IsVerdict(line.Metric))
        ? [.. lines.Select(line => Enum.TryParse<VerdictKind>(line.Name, out var kind) ? Palette.OfVerdict(kind) : "#808080")]
        : Palette.Distinct([.. lines.Select(line => line.Name)]);

    // Of a long run neighbouring updates are taken together: a figure has no more room, and a page no more patience.
    private static (string Name, string Color, IReadOnlyList<double> Updates, IReadOnlyList<double> Values) Series(string name, string colour, ShownRun run, string metric)
    {
        List<(double Update, double Value)> all = [.. run.Metrics.Where(m => m.ContainsKey(metric)).Select(m => (m["update"] + 1, m[metric]))];
        var blocks = all.Chunk(Math.Max(1, (all.Count + Points - 1) / Points)).ToList();
        return (name, colour, [.. blocks.Select(block => block[^1].Update)], [.. blocks.Select(block => block.Average(point => point.Value))]);
    }
}
