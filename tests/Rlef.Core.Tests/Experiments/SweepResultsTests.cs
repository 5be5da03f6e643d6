using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;

namespace Rlef.Core.Tests.Experiments;

public sealed class SweepResultsTests
{
    [Fact]
    public void Dialogues_that_say_nothing_are_counted_and_their_problem_is_in_no_comparison()
    {
        static EpisodeOutcome Outcome(string problem, VerdictKind verdict) => new(problem, problem, [verdict], verdict == VerdictKind.Accepted ? verdict : null);
        EvaluationResult whole = new([Outcome("a", VerdictKind.Accepted), Outcome("b", VerdictKind.WrongAnswer)]), broken = new([Outcome("a", VerdictKind.InfrastructureError), Outcome("b", VerdictKind.Accepted)]);
        var results = SweepResults.Of([new(SweepResults.Base, "p", 0, "real", whole), new("arm", "p", 1, "real", broken), new("arm", "p", 2, "real", whole)], 1);
        Assert.Equal(1, results.Masked);
        var solved = results.Rows.Single(r => (r.Arm, r.Budget) == ("arm", "1@1"));
        Assert.Equal((0.5, 0.5), (solved.Mean.Estimate, solved.Gain!.Estimate));
    }

    [Fact]
    public void Dialogues_in_which_the_policy_had_no_turn_are_no_failures_of_its()
    {
        static Episode Of(string id, Judgement seen, bool given) => new(Episodes.Problem with { Id = id }, 0, [Episodes.Turn(seen) with { Given = given }], Episodes.Judged(VerdictKind.Accepted));
        EvaluationResult result = new([Of("a", Episodes.Judged(VerdictKind.Accepted), given: false), Of("b", Episodes.Judged(VerdictKind.Accepted), given: true), Of("c", Episodes.Judged(VerdictKind.InfrastructureError), given: true)]);
        Assert.Equal([(false, true), (true, false), (false, false)], result.Outcomes.Select(o => (o.Silent, o.Counts)));
        Assert.True(result.Outcomes[2].Masked);
        Assert.Equal(["a"], result.MultiTurn(1).Problems);
        var results = SweepResults.Of([new(SweepResults.Base, "p", 0, "real", result)], 1);
        Assert.Equal((1, 1, 1.0), (results.Masked, results.Silent, results.Rows[0].Mean.Estimate));
    }

    [Fact]
    public void Arms_are_compared_with_the_base_policy_and_with_each_other_pair_by_pair()
    {
        static EvaluationResult Of(params int[] solved) => new(solved.SelectMany((s, p) => Enumerable.Range(0, 4).Select(i => new EpisodeOutcome($"p{p}", $"p{p}",
            [i < s ? VerdictKind.Accepted : VerdictKind.WrongAnswer], i < s ? VerdictKind.Accepted : null))));
        SweepResults.Scored[] scored =
        [
            new("base", "one", 0, "real", Of(0, 1, 2)), new("base", "two", 0, "real", Of(1, 1, 1)),
            new("first", "one", 1, "real", Of(1, 2, 3)), new("first", "two", 1, "real", Of(2, 2, 2)),
            new("second", "one", 1, "real", Of(3, 4, 4)), new("second", "two", 1, "real", Of(4, 4, 4)),
        ];
        var rows = SweepResults.Of(scored, 1).Rows.Where(r => r.Budget == "1@1").ToDictionary(r => r.Arm);
        Assert.Equal(0.25, rows["first"].Gain!.Estimate, 9);
        Assert.Equal((3 + 4 + 4 + 12) / 24.0 - 12 / 24.0, rows["second"].FromArms["first"].Estimate, 9);
        Assert.Equal(-rows["second"].FromArms["first"].Estimate, rows["first"].FromArms["second"].Estimate, 9);
        Assert.Empty(rows["base"].FromArms);
    }

    [Fact]
    public void What_training_changed_is_told_by_base_policy_where_each_has_three_runs()
    {
        static EvaluationResult Of(params bool[] solved) => new(solved.Select((s, p) => new EpisodeOutcome($"p{p}", $"p{p}", [s ? VerdictKind.Accepted : VerdictKind.WrongAnswer], s ? VerdictKind.Accepted : null)));
        List<SweepResults.Scored> scored = [new("base", "one", 0, "real", Of(true, false, false, false)), new("base", "two", 0, "real", Of(true, true, false, false))];
        for (ulong seed = 1; seed <= 3; seed++)
            scored.AddRange([new("arm", "one", seed, "real", Of(true, true, seed == 1, false)), new("arm", "two", seed, "real", Of(true, false, false, false))]);
        SweepResults.Row Arm(IReadOnlyList<SweepResults.Scored> some) => SweepResults.Of(some, 1).Rows.Single(r => r.Arm == "arm" && r.Budget == "1@1");
        var (all, byPolicy) = (Arm(scored), Arm(scored).GainByPolicy!);
        Assert.Equal(1 / 3.0, byPolicy["one"].Estimate, 9);
        Assert.Equal(-0.25, byPolicy["two"].Estimate, 9);
        Assert.Equal(all.Gain!.Estimate, byPolicy.Values.Average(g => g.Estimate), 9);
        Assert.Null(Arm(scored[..^1]).GainByPolicy);
    }

    [Fact]
    public void Feedbacks_are_compared_with_the_first_and_dialogues_with_independent_programs()
    {
        static EvaluationResult Of(bool told) => new(Enumerable.Range(0, 4).SelectMany(p => Enumerable.Range(0, 3).Select(i => new EpisodeOutcome($"p{p}", $"p{p}",
            i < p ? [VerdictKind.Accepted] : [VerdictKind.WrongAnswer, told ? VerdictKind.Accepted : VerdictKind.WrongAnswer], i < p || told ? VerdictKind.Accepted : null))));
        var rows = SweepResults.Of([new("base", "one", 0, "real", Of(true)), new("base", "one", 0, "none", Of(false))], 2).Rows;
        SweepResults.Row Row(string feedback, string budget) => rows.Single(r => r.Feedback == feedback && r.Budget == budget);
        Assert.Null(Row("real", "1@2 multi-turn").FromFeedback);
        Assert.Equal(-0.5, Row("none", "1@2 multi-turn").FromFeedback!.Estimate, 9);
        Assert.Equal(0, Row("none", "1@1").FromFeedback!.Estimate, 9);
        Assert.Null(Row("real", "1@1").FromIndependent);
        // Two of three programs: of a problem solved by none, one, two and all of three, 0, 2/3, 1 and 1.
        Assert.Equal(1 - (0 + 2 / 3.0 + 1 + 1) / 4, Row("real", "1@2 multi-turn").FromIndependent!.Estimate, 9);
    }

    [Fact]
    public void Longer_dialogues_are_compared_with_shorter_ones_and_many_programs_by_the_ten_that_are_handed_in()
    {
        // Of one problem every dialogue is solved by its fourth turn, of the other never.
        static EvaluationResult Of(int samples) => new(Enumerable.Range(0, 2).SelectMany(p => Enumerable.Range(0, samples).Select(_ => new EpisodeOutcome($"p{p}", $"p{p}",
            [.. Enumerable.Repeat(VerdictKind.WrongAnswer, 3), p == 0 ? VerdictKind.Accepted : VerdictKind.WrongAnswer], p == 0 ? VerdictKind.Accepted : null))));
        static Dictionary<string, SweepResults.Row> Rows(int samples, int turns) => SweepResults.Of([new("base", "one", 0, "real", Of(samples))], turns).Rows.ToDictionary(r => r.Budget);
        var few = Rows(3, 5);
        Assert.Equal(["1@1", "1@3 single-turn", "1@3 multi-turn", "1@5 multi-turn", "1@10 in dialogues of 3", "1@10 in dialogues of 5", .. Behaviour, "repairs in 3 turns", "repairs of wrong answers in 3 turns"], few.Keys);
        Assert.Null(few["1@10 in dialogues of 5"].FromIndependent);
        Assert.Null(few["1@3 multi-turn"].FromShorter);
        Assert.Equal(0.5, few["1@5 multi-turn"].FromShorter!.Estimate, 9);
        Assert.Null(few["1@5 multi-turn"].FromIndependent);
        var many = Rows(100, 5);
        Assert.Equal(0.5, many["1@5 multi-turn"].FromIndependent!.Estimate, 9);
        Assert.Equal(0, many["10@100 in dialogues of 3"].Mean.Estimate, 9);
        Assert.Equal(0.5, many["10@100 in dialogues of 5"].FromIndependent!.Estimate, 9);
        Assert.Equal(0.5, many["1@10 in dialogues of 5"].FromIndependent!.Estimate, 9);
        Assert.Equal(["1@1", "1@3 single-turn", "1@10 single-turn", .. Behaviour], Rows(10, 1).Keys);
    }

    static readonly string[] Behaviour = ["wrong answers first", "time-outs first"];

    [Fact]
    public void Repairs_are_shares_of_the_programs_that_follow_a_failure()
    {
        // Of the first problem nothing follows; of the second two programs, one of which passes; of the third three, none of which does, and the fourth turn is not asked about.
        static EvaluationResult Of(bool repaired) => new(new (string, VerdictKind?[])[]
        {
            ("a", [VerdictKind.Accepted]), ("a", [VerdictKind.Accepted]),
            ("b", [VerdictKind.WrongAnswer, VerdictKind.TimeLimit, VerdictKind.Accepted]), ("b", [VerdictKind.Accepted]),
            ("c", [VerdictKind.TimeLimit, null, VerdictKind.WrongAnswer, VerdictKind.Accepted]), ("c", [VerdictKind.TimeLimit, repaired ? VerdictKind.Accepted : VerdictKind.WrongAnswer]),
        }.Select(d => new EpisodeOutcome(d.Item1, d.Item1, [.. d.Item2], null)));
        var rows = SweepResults.Of([new("base", "one", 0, "real", Of(false)), new("base", "one", 0, "none", Of(true))], 4).Rows.ToDictionary(r => (r.Feedback, r.Budget));
        Assert.Equal(1 / 5.0, rows[("real", "repairs in 3 turns")].Mean.Estimate, 9);
        Assert.Equal(1 / 5.0, rows[("none", "repairs in 3 turns")].FromFeedback!.Estimate, 9);
        Assert.Equal(0, rows[("real", "repairs of wrong answers in 3 turns")].Mean.Estimate);
        Assert.Equal(2 / 3.0, Of(true).Repairs(3, VerdictKind.TimeLimit)!.Average(), 9);
        Assert.Null(Of(true).Repairs(3, VerdictKind.RuntimeError));
        Assert.Equal((1 / 6.0, 2 / 6.0), (rows[("real", "wrong answers first")].Mean.Estimate, rows[("real", "time-outs first")].Mean.Estimate));
        // In first order: 0.2, more or less what the problem's dialogues have of passing programs above 0.2 of those that follow, of which a dialogue has 5/6: (1/2 − 0.2 · 1) / (5/6), (0 − 0.2 · 3/2) / (5/6).
        Assert.Equal([0.2, 0.56, -0.16], Of(false).Repairs(3)!.Select(s => Math.Round(s, 9)));
        Assert.Null(new EvaluationResult([new EpisodeOutcome("a", "a", [VerdictKind.Accepted], null)]).Repairs(3));
    }
}
