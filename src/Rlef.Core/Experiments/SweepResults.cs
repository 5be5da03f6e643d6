using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// What a sweep found: for each arm, feedback in evaluation and budget (or behaviour) the mean over runs and problems, and paired differences: what training changed, and how
/// far it is from the other arms, from the first feedback, from as many independent programs and from shorter dialogues. Pairs have base policy, seed and problem
/// in common. Intervals are those of <see cref="Estimates"/>.
/// </summary>
public sealed record SweepResults(IReadOnlyList<SweepResults.Row> Rows)
{
    /// <summary>The finished runs.</summary>
    public IReadOnlyList<TrainedRun> Runs { get; init; } = [];

    /// <summary>Dialogues that no score counts, since the sandbox failed; a problem of which too few are left is in no comparison.</summary>
    public int Masked { get; init; }

    /// <summary>Dialogues that no score counts, since what was given left the policy no turn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Silent { get; init; }

    /// <param name="Arm"><c>base</c> for the policies before training.</param>
    /// <param name="Feedback">In evaluation.</param>
    /// <param name="Budget">
    /// Such as <c>1@3 multi-turn</c>; of dialogues each turn of the limit counts as a program (<see cref="Evaluation.Budget"/>). Or what policies do turn by turn: <c>wrong answers
    /// first</c> and <c>time-outs first</c>, the shares of first programs, and <c>repairs in 3 turns</c>, <c>repairs of
    /// wrong answers in 3 turns</c> and <c>repairs of runtime errors in 3 turns</c> (<see cref="EvaluationResult.Repairs"/>).
    /// </param>
    /// <param name="Runs">Finished runs that the mean is over.</param>
    /// <param name="Gain">From the base policies; null for them.</param>
    /// <param name="FromFeedback">From the first feedback of evaluation; null for it.</param>
    /// <param name="FromIndependent">Of dialogues, from as many independent programs of the same policy; null for other budgets.</param>
    public sealed record Row(string Arm, string Feedback, string Budget, int Runs, Interval Mean, Interval? Gain, Interval? FromFeedback, Interval? FromIndependent)
    {
        /// <summary>Of one dialogue, from the same when it ends at the first of the turn limits that are reported, such as 3; null for that and for other budgets.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Interval? FromShorter { get; init; }

        /// <summary>What training changed by base policy, each over the runs from it: whether runs differ by where they begin. Null where some policy has fewer than three runs.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyDictionary<string, Interval>? GainByPolicy { get; init; }

        /// <summary>From each other arm, by its name; of the base policies none.</summary>
        public IReadOnlyDictionary<string, Interval> FromArms { get; init; } = new Dictionary<string, Interval>();
    }

    /// <summary>The evaluation of one policy with one feedback.</summary>
    public sealed record Scored(string Arm, string Policy, ulong Seed, string Feedback, EvaluationResult Result);

    public static SweepResults Of(IReadOnlyList<Scored> scored, int turns)
    {
        List<Row> rows = [];
        string[] arms = [.. scored.Select(s => s.Arm).Where(a => a != Base).Distinct()];
        var first = scored[0].Feedback;
        var known = scored.ToDictionary(s => (s.Arm, s.Policy, s.Seed, s.Feedback));
        foreach (var (budget, score, independent, shorter) in Budgets(scored, turns).Concat(Behaviour(scored, turns)))
            foreach (var group in scored.GroupBy(s => (s.Arm, s.Feedback)))
            {
                var runs = group.ToList();
                var (arm, feedback) = group.Key;
                var bases = runs.Select(r => r.Policy).ToList();
                var own = runs.Select(r => score(r.Result)).ToList();
                rows.Add(new(arm, feedback, budget, runs.Count, Share(Estimates.Mean(own, bases)),
                    arm == Base ? null : From(r => (Base, r.Policy, 0, feedback)),
                    feedback == first ? null : From(r => (arm, r.Policy, r.Seed, first)),
                    Within(independent))
                {
                    FromShorter = Within(shorter),
                    GainByPolicy = arm == Base || runs.CountBy(r => r.Policy).Any(p => p.Value < Few) ? null
                        : runs.GroupBy(r => r.Policy).Select(p => (p.Key, Gain: Between([.. p], r => (Base, r.Policy, 0, feedback)))).Where(p => p.Gain is not null)
                            .ToDictionary(p => p.Key, p => p.Gain!),
                    FromArms = arms.Where(a => arm != Base && a != arm)
                        .Select(a => (Arm: a, Difference: From(r => (a, r.Policy, r.Seed, feedback))))
                        .Where(d => d.Difference is not null).ToDictionary(d => d.Arm, d => d.Difference!),
                });

                // Ratios are estimated by scores that leave what shares can be.
                static Interval Share(Interval mean) => mean with { Low = Math.Max(0, mean.Low), High = Math.Min(1, mean.High) };

                Interval? Within(Func<EvaluationResult, Scores>? other) => other is null ? null : Estimates.Difference(own, [.. runs.Select(r => other(r.Result))], bases);

                Interval? From(Func<Scored, (string, string, ulong, string)> partnerOf) => Between(runs, partnerOf);

                Interval? Between(List<Scored> some, Func<Scored, (string, string, ulong, string)> partnerOf)
                {
                    var partners = some.Select(r => known.GetValueOrDefault(partnerOf(r))).ToList();
                    return partners.Contains(null) ? null : Estimates.Difference([.. some.Select(r => score(r.Result))], [.. partners.Select(p => score(p!.Result))], [.. some.Select(r => r.Policy)]);
                }
            }
        return new(rows) { Masked = Count(o => o.Masked), Silent = Count(o => o.Silent) };

        int Count(Func<EpisodeOutcome, bool> which) => scored.Sum(s => s.Result.Outcomes.Count(which));
    }

    // Fewer runs say nothing of others.
    const int Few = 3;

    /// <summary>Name of the policies before training.</summary>
    public const string Base = "base";

    // The paper's (RLEF, tables 2 and 3, figure 4), as far as there are dialogues enough.
    static IEnumerable<Asked> Budgets(IReadOnlyList<Scored> scored, int turns)
    {
        var samples = scored.Min(s => s.Result.Samples);
        int[] limits = [.. ((int[])[3, 5, 10, turns]).Where(t => t > 1 && t <= turns).Distinct().Order()];
        yield return new(Budget.First, r => r.MultiTurn(1));
        foreach (var k in ((int[])[3, 10, .. limits]).Distinct().Order().Where(k => k <= samples))
            yield return new(Budget.SingleTurn(1, k), r => r.SingleTurn(1, k));
        foreach (var t in limits)
            yield return new(Budget.MultiTurn(t), r => r.MultiTurn(t), t <= samples ? r => r.SingleTurn(1, t) : null, t == limits[0] ? null : r => r.MultiTurn(limits[0]));
        foreach (var (n, k) in ((int, int)[])[(1, 10), (10, 100)])
        {
            if (n > 1 && k <= samples)
                yield return new(Budget.SingleTurn(n, k), r => r.SingleTurn(n, k));
            foreach (var t in limits.Where(t => k / t > n && k / t <= samples))
                yield return new(Budget.InDialogues(t, n, k), r => r.MultiTurn(t, n, k), k <= samples ? r => r.SingleTurn(n, k) : null);
        }
    }

    // RLEF, figure 3. A policy that leaves nothing to repair cannot be compared.
    static IEnumerable<Asked> Behaviour(IReadOnlyList<Scored> scored, int turns)
    {
        yield return new("wrong answers first", r => r.First(VerdictKind.WrongAnswer));
        yield return new("time-outs first", r => r.First(VerdictKind.TimeLimit));
        if (Math.Min(3, turns) is > 1 and var limit)
            foreach (var (kind, name) in ((VerdictKind?, string)[])[(null, ""), (VerdictKind.WrongAnswer, " of wrong answers"), (VerdictKind.RuntimeError, " of runtime errors")])
                if (scored.All(s => s.Result.Repairs(limit, kind) is not null))
                    yield return new($"repairs{name} in {limit} turns", r => r.Repairs(limit, kind)!);
    }

    readonly record struct Asked(string Budget, Func<EvaluationResult, Scores> Score, Func<EvaluationResult, Scores>? Independent = null, Func<EvaluationResult, Scores>? Shorter = null);

    public void Save(string path) => AtomicFile.WriteShared(path, stream => stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, SnakeJson.Indented) + "\n")));

    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public static SweepResults Load(string path) => JsonFile.Read(path, text => JsonSerializer.Deserialize<SweepResults>(text, SnakeJson.Indented) is { Rows: not null } results
        ? results : throw new JsonException("an object with the 'rows' of a sweep is expected."));
}
