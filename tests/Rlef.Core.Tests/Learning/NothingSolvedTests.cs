using Rlef.Learning;

namespace Rlef.Core.Tests.Learning;

public sealed class NothingSolvedTests
{
    static readonly TrainingConfig Config = TrainingConfig.Chat with { ProblemsPerUpdate = 16, SamplesPerProblem = 2, MaxResponseTokens = 100 };

    static Dictionary<string, double> Update(double solved, params (string, double)[] more) =>
        new(more.Select(m => KeyValuePair.Create(m.Item1, m.Item2))) { ["solve_rate"] = solved, ["turns"] = 1 };

    [Theory]
    [InlineData("no_code_rate", 30, "--wording")]
    [InlineData("no_code_rate", 100, "--max-tokens")]
    [InlineData("verdict_compileerror", 30, "do not compile")]
    [InlineData("verdict_runtimeerror", 30, "another name")]
    [InlineData("verdict_wronganswer", 30, "easier problems")]
    [InlineData("verdict_timelimit", 30, "out of time")]
    [InlineData("verdict_memorylimit", 30, "out of memory")]
    [InlineData("verdict_outputlimit", 30, "print more")]
    [InlineData("verdict_accepted", 30, "fail private ones")]
    public void It_says_what_most_often_keeps_programs_from_passing(string metric, double tokens, string hint)
    {
        var nothing = new NothingSolved(Config);
        var update = Update(0, (metric, 0.8), (metric == "verdict_wronganswer" ? "verdict_runtimeerror" : "verdict_wronganswer", 0.1), ("response_tokens", tokens));
        Assert.Null(nothing.Tell(update));
        var said = nothing.Tell(update);
        Assert.Contains("64 episodes", said);
        Assert.Contains(hint, said);
        Assert.Null(nothing.Tell(update));
    }

    [Fact]
    public void One_solved_problem_is_something()
    {
        var nothing = new NothingSolved(Config);
        Assert.All(Enumerable.Range(0, 9), i => Assert.Null(nothing.Tell(Update(i == 1 ? 0.03 : 0, ("no_code_rate", 1)))));
    }

    // Of nothing that the sandbox failed in is known whether it is solved.
    [Fact]
    public void A_sandbox_that_fails_throughout_is_named()
    {
        var nothing = new NothingSolved(Config);
        var update = new Dictionary<string, double> { ["turns"] = 1, ["episodes"] = 40, ["masked_episodes"] = 40, ["verdict_infrastructureerror"] = 1 };
        Assert.Null(nothing.Tell(update));
        Assert.Equal("Nothing was solved in 80 episodes: the sandbox fails. Look at it first (./rlef doctor).", nothing.Tell(update));
    }

    // An update may learn from kept episodes and play none.
    [Fact]
    public void Updates_that_play_nothing_do_not_count()
    {
        var nothing = new NothingSolved(Config);
        Assert.All(Enumerable.Range(0, 9), _ => Assert.Null(nothing.Tell(new Dictionary<string, double> { ["reward"] = -1 })));
    }
}
