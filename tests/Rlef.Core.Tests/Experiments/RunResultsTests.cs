using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;

namespace Rlef.Core.Tests.Experiments;

public sealed class RunResultsTests
{
    [Fact]
    public void What_changed_is_told_pair_by_pair()
    {
        // Problems of very different difficulty, three quarters solved by one dialogue in four more than before: the scores say little, their differences much.
        static EvaluationResult Of(IEnumerable<int> solved) => new(solved.SelectMany((s, p) => Enumerable.Range(0, 4).Select(i => new EpisodeOutcome($"p{p}", $"p{p}",
            [i < s ? VerdictKind.Accepted : VerdictKind.WrongAnswer], i < s ? VerdictKind.Accepted : null))));
        var before = Enumerable.Range(0, 16).Select(p => p % 4).ToList();
        var after = Of(before.Select((s, p) => p / 4 == p % 4 ? s : s + 1));
        var results = RunResults.Of(Of(before), after, after);
        Assert.Equal(16, results.Problems);
        Assert.True(results.After.First.Low < results.Before.First.High);
        Assert.Equal(12 / 64.0, results.Change.First.Estimate, 9);
        Assert.True(results.Change.First.Low > 0.1);
        Assert.Equal(results.After.MultiTurn.Estimate - results.Before.MultiTurn.Estimate, results.Change.MultiTurn.Estimate, 9);
    }
}
