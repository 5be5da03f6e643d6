using Rlef.Evaluation;
using Rlef.Execution;

namespace Rlef.Core.Tests.Evaluation;

public sealed class ForeseeableTests
{
    static EpisodeOutcome First(string problem, bool solved) => new(problem, problem, [solved ? VerdictKind.Accepted : VerdictKind.WrongAnswer], solved ? VerdictKind.Accepted : null);

    [Fact]
    public void Problems_that_are_always_or_never_solved_tell_all()
    {
        Assert.Equal(1, Foreseeable.Share([First("a", true), First("a", true), First("b", false), First("b", false)]));
    }

    [Fact]
    public void Problems_that_are_alike_tell_nothing()
    {
        Assert.Equal(0, Foreseeable.Share([First("a", true), First("a", false), First("b", false), First("b", true)]));
    }

    [Fact]
    public void The_turn_tells_of_those_that_reach_it()
    {
        // From the first turn on half end solved, from the second on none.
        EpisodeOutcome Lost(string problem) => new(problem, problem, [VerdictKind.WrongAnswer, VerdictKind.WrongAnswer], null);
        // Sites: 1 1 0 0 | 0 0. Variance 8/30 of six with mean 1/3; within (1 + 0) / 4 degrees.
        Assert.Equal(1 - 0.25 / (8.0 / 30), Foreseeable.Share([First("a", true), Lost("a"), First("a", true), Lost("a")])!.Value, 9);
    }

    [Fact]
    public void Without_repetition_or_difference_there_is_nothing_to_say()
    {
        Assert.Null(Foreseeable.Share([First("a", true), First("b", false)]));
        Assert.Null(Foreseeable.Share([First("a", true), First("a", true)]));
    }
}
