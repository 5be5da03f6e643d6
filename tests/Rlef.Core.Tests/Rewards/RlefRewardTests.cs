using Rlef.Rewards;
using static Rlef.Core.Tests.Episodes;
using static Rlef.Execution.VerdictKind;

namespace Rlef.Core.Tests.Rewards;

public sealed class RlefRewardTests
{
    [Fact]
    public void Rlef_pays_the_end_and_charges_turns_without_code()
    {
        var reward = new RlefReward();
        Assert.Equal([0, 1], reward.Score(Of(Judged(Accepted, Accepted), Turn(Judged(WrongAnswer)), Turn(Judged(Accepted)))).Turns);
        Assert.Equal([-1], reward.Score(Of(Judged(Accepted, WrongAnswer), Turn(Judged(Accepted)))).Turns);
        Assert.Equal([-0.2, -1.2], reward.Score(Of(null, Turn(null, "words"), Turn(null, "words"))).Turns);
    }

    [Fact]
    public void Levels_tell_failures_apart_by_the_last_program()
    {
        var reward = new RlefReward(levels: true);
        Assert.Equal([0, 1], reward.Score(Of(Judged(Accepted, Accepted), Turn(Judged(WrongAnswer)), Turn(Judged(Accepted)))).Turns);
        Assert.Equal([-0.3], reward.Score(Of(Judged(Accepted, WrongAnswer), Turn(Judged(Accepted)))).Turns);
        Assert.Equal([-0.2, -0.6], reward.Score(Of(null, Turn(null, "words"), Turn(Judged(Accepted, RuntimeError)))).Turns);
        Assert.Equal([0, -1], reward.Score(Of(null, Turn(Judged(WrongAnswer)), Turn(Judged(CompileError)))).Turns);
        Assert.Equal([-1.2], reward.Score(Of(null, Turn(null, "words"))).Turns);
    }
}
