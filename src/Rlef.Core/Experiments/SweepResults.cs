using System.Text.Json;
using Rlef.Evaluation;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// What a sweep found: for each arm, feedback in evaluation and budget the mean over runs and problems, what training changed, paired by base policy and
/// problem, and the difference from the first arm, paired by base policy, seed and problem. Intervals are those of <see cref="Estimates"/>.
/// </summary>
public sealed record SweepResults(IReadOnlyList<SweepResults.Row> Rows)
{
    /// <param name="Arm"><c>base</c> for the policies before training.</param>
    /// <param name="Feedback">In evaluation.</param>
    /// <param name="Budget">Such as <c>1@3 multi-turn</c>.</param>
    /// <param name="Runs">Finished runs that the mean is over.</param>
    /// <param name="Gain">From the base policies; null for them.</param>
    /// <param name="Difference">From the first arm; null for it and for the base policies.</param>
    public sealed record Row(string Arm, string Feedback, string Budget, int Runs, Interval Mean, Interval? Gain, Interval? Difference);

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <param name="scored">Arm, base policy, seed and feedback of each evaluation.</param>
    /// <param name="first">The arm that others are compared with.</param>
    public static SweepResults Of(IReadOnlyList<(string Arm, string Policy, ulong Seed, string Feedback, EvaluationResult Result)> scored, string first, int turns)
    {
        List<Row> rows = [];
        foreach (var (budget, score) in Budgets(scored, turns))
            foreach (var group in scored.GroupBy(s => (s.Arm, s.Feedback)))
            {
                var runs = group.ToList();
                var (arm, bases) = (group.Key.Arm, runs.Select(r => r.Policy).ToList());
                var own = runs.Select(r => score(r.Result)).ToList();
                rows.Add(new(arm, group.Key.Feedback, budget, runs.Count, Estimates.Mean(own, bases), arm == Base ? null : From(Base), arm == Base || arm == first ? null : From(first)));

                Interval? From(string other)
                {
                    var partners = runs.Select(r => scored.Where(s => s.Arm == other && s.Feedback == r.Feedback && s.Policy == r.Policy && (other == Base || s.Seed == r.Seed))
                        .Select(s => s.Result).FirstOrDefault()).ToList();
                    return partners.Contains(null) ? null : Estimates.Difference(own, [.. partners.Select(p => score(p!))], bases);
                }
            }
        return new(rows);
    }

    /// <summary>Name of the policies before training.</summary>
    public const string Base = "base";

    static IEnumerable<(string Name, Func<EvaluationResult, Scores> Score)> Budgets(
        IReadOnlyList<(string, string, ulong, string, EvaluationResult Result)> scored, int turns)
    {
        yield return ("1@1", r => r.MultiTurn(1));
        if (scored.All(s => s.Result.Samples >= 3))
            yield return ("1@3 single-turn", r => r.SingleTurn(1, 3));
        if (turns > 1)
            yield return ($"1@{turns} multi-turn", r => r.MultiTurn(turns));
    }

    public void Save(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, Json) + "\n");

    public static SweepResults Load(string path) => JsonSerializer.Deserialize<SweepResults>(File.ReadAllText(path), Json)!;
}
