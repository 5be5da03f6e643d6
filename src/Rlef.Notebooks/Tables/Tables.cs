using System.Globalization;
using Rlef.Evaluation;
using Rlef.Experiments;

namespace Rlef.Notebooks;

/// <summary>The tables the notebooks share.</summary>
public static class Tables
{
    /// <summary>What a policy solves before and after training, and the change in percentage points, paired by problem.</summary>
    public static Table BeforeAfter(string caption, RunResults results)
    {
        var table = new Table(caption, "measure", "before", "after", "change in points, paired");
        foreach (var (measure, before, after, change) in results.Rows())
            table.Add(measure, before.ToEstimate(), after.ToEstimate(), change.Points);
        return table;
    }

    /// <summary>One row a name, one column a measure, each cell with its interval.</summary>
    public static Table OfEstimates(string caption, string rowHead, IReadOnlyList<string> measures, IEnumerable<(string Name, IReadOnlyList<Estimate> Values)> rows)
    {
        var table = new Table(caption, [rowHead, .. measures]);
        foreach (var (name, values) in rows) table.Add([name, .. values.Cast<object?>()]);
        return table;
    }

    /// <summary>What sweeps found of the papers' claims (docs/claims.json): differences in points with their intervals, and the verdicts that follow from these.</summary>
    /// <param name="results">Results files.</param>
    public static Table OfClaims(params string[] results)
    {
        var claims = Home.File("docs", "claims.json");
        var table = new Table("Claims", "claim", "in the paper", "here, paired, in points", "seeds × base policies", "a run", "verdict");
        foreach (var file in results)
            foreach (var claim in Claims.TestedBy(claims, file))
            {
                var (effect, runs, cost, verdict) = claim.Test(SweepResults.Load(file));
                table.Add(claim.Says, $"{claim.Found} ({claim.Paper})", effect, runs, cost, verdict);
            }
        return table;
    }

    /// <summary>What policies do turn by turn: how often each verdict comes, how often a response that follows one passes, and how far it is from the one before.</summary>
    public static Table OfBehaviour(IReadOnlyList<(string Policy, IReadOnlyList<TurnBehaviour> Turns)> policies)
    {
        var all = policies.SelectMany(p => p.Turns).ToList();
        List<string> verdicts = [.. all.SelectMany(t => t.Verdicts.Keys).Distinct().Order()], failures = [.. all.SelectMany(t => t.Repaired.Keys).Distinct().Order()];
        var table = new Table("Turn by turn, on the public tests", ["policy", "turn", "responses", .. verdicts, .. failures.Select(f => $"passes after {f}"), "1 − chrF"]);
        foreach (var (policy, turns) in policies)
            foreach (var turn in turns)
                table.Add([policy, turn.Turn, turn.Programs, .. verdicts.Select(v => Share(turn.Verdicts.GetValueOrDefault(v))),
                    .. failures.Select(f => turn.Repaired.TryGetValue(f, out var share) ? Share(share) : null), turn.Edit is { } edit ? edit.ToString("0.00", CultureInfo.InvariantCulture) : null]);
        return table;

        static string Share(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
    }
}
