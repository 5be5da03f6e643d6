using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Problems.Micro;

namespace Rlef.Experiments;

/// <summary>Measures a <see cref="HeadroomCertificate"/>.</summary>
public static class HeadroomSurvey
{
    const int Samples = 10, Bugs = 12;

    /// <param name="most">Problems to look at, spread over the set.</param>
    public static async Task<HeadroomCertificate> MeasureAsync(Laboratory laboratory, ProblemSet set, int most, CancellationToken cancellation = default)
    {
        var part = new ProblemSet(set.Name, Enumerable.Range(0, Math.Min(most, set.Count)).Select(i => set[(int)((long)i * set.Count / Math.Min(most, set.Count))]));
        var valid = await ProblemSetValidator.ValidateAsync(part, new EvaluationJudge(laboratory.Programs), cancellation: cancellation);
        using var policy = laboratory.LoadBase();
        var result = await laboratory.EvaluateAsync(policy.Model, part, turnLimit: 1, samples: Samples, sampling: Sampling.Micro, cancellation: cancellation);
        var scores = result.Episodes.GroupBy(e => e.Problem.Id).Select(g => (g.First().Problem, Samples: g.Count(e => e.Counts), Solved: g.Count(e => e.Counts && e.Solved)))
            .Where(s => s.Samples == Samples).ToList();
        Episode[] passed = [.. result.Episodes.Where(e => e.Counts && e.Last.Public is { Accepted: true })];
        return new(set.Name, part.Count, (double)valid.Accepted / part.Count * part.Average(p => FirstCeiling(p, set)), (double)valid.Accepted / part.Count,
            Mean(1), Mean(Samples), Share(passed.Count(e => !e.Solved), passed.Length), await UnseenBugsAsync(part, new MicroBreaker(laboratory.Programs), cancellation),
            scores.GroupBy(s => s.Problem.Labels.GetValueOrDefault("family", ""))
                .ToImmutableSortedDictionary(g => g.Key, g => (g.Average(s => PassAt(s.Solved, 1)), g.Average(s => PassAt(s.Solved, Samples)))));

        // Problems of one core stand or fall together.
        Interval Mean(int k) => Estimates.Mean(new Scores(scores.Select(s => (s.Problem.Id, s.Problem.Cluster, PassAt(s.Solved, k)))));
    }

    static double PassAt(int solved, int k) => SolveRate.PassAtK(Samples, solved, k);

    // What is withheld was drawn uniformly, so the best first guess is right by chance; a dialogue shows it all within two failures: the input's
    // layout with the first, the output's format and the reading with the second at the latest. Of several problems with one statement, one guess
    // fits one.
    static double FirstCeiling(Problem problem, ProblemSet set)
    {
        var guesses = problem.Labels.GetValueOrDefault("hidden", "none").Split('+').Aggregate(1.0, (all, dimension) => all * dimension switch
        {
            "layout" => 4,
            "format" => 3,
            "reading" => 2,
            _ => 1,
        });
        return guesses > 1 ? 1 / guesses : 1.0 / set.Where(p => p.Statement == problem.Statement).DistinctBy(p => p.Reference).Count();
    }

    static async Task<double?> UnseenBugsAsync(ProblemSet set, MicroBreaker breaker, CancellationToken cancellation)
    {
        var shares = await Task.WhenAll(set.Where(p => p.Reference is not null).Select(async problem =>
        {
            var behaviour = await breaker.BreakAsync(problem, Bugs, cancellation: cancellation);
            return (Unseen: behaviour.Bugs.Count(bug => problem.PublicTests.Select((test, i) => bug.Outputs[i] is { } output
                && OutputComparer.Equal(problem, output, test.Output)).All(passes => passes)), All: behaviour.Bugs.Length);
        }));
        return Share(shares.Sum(s => s.Unseen), shares.Sum(s => s.All));
    }

    static double? Share(int part, int all) => all == 0 ? null : (double)part / all;
}
