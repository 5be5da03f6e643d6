using Rlef.Dialogue;

namespace Rlef.Rewards;

/// <summary>RLEF section 2.2: +1 at the end if every test passes, −1 if one fails, and −0.2 for every turn without valid code.</summary>
public sealed class RlefReward : IReward
{
    const double Solved = 1, Failed = -1, NoCode = -0.2;

    public string Name => "rlef";
    public bool NeedsEveryTest => false;

    public EpisodeReward Score(Episode episode)
    {
        var turns = new double[episode.Turns.Length];
        for (var i = 0; i < turns.Length; i++)
            turns[i] = episode.Turns[i].Code is null && !episode.Turns[i].Given ? NoCode : 0;
        turns[^1] += episode.Solved ? Solved : Failed;
        return new(turns);
    }
}
