using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;

namespace Rlef.Core.Tests.Experiments;

public sealed class RunResultsTests
{
    [Fact]
    public void What_changed_is_told_pair_by_pair()
    {
        // Problems of very different difficulty, each solved by one dialogue in four more than before: the scores say little, their differences all.
        static EvaluationResult Of(params int[] solved) => new(solved.SelectMany((s, p) => Enumerable.Range(0, 4).Select(i => new EpisodeOutcome($"p{p}", $"p{p}",
            [i < s ? VerdictKind.Accepted : VerdictKind.WrongAnswer], i < s ? VerdictKind.Accepted : null))));
        var results = RunResults.Of(Of(0, 3, 1, 2), Of(1, 4, 2, 3), Of(1, 4, 2, 3));
        Assert.Equal(4, results.Problems);
        Assert.True(results.After.First.Low < results.Before.First.High);
        Assert.Equal(0.25, results.Change.First.Estimate, 9);
        Assert.True(results.Change.First.High - results.Change.First.Low < results.After.First.High - results.After.First.Low);
        Assert.Equal(results.After.MultiTurn.Estimate - results.Before.MultiTurn.Estimate, results.Change.MultiTurn.Estimate, 9);
    }
}
