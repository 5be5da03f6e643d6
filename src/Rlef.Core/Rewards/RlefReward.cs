using System.Globalization;
using Rlef.Dialogue;

namespace Rlef.Rewards;

/// <summary>RLEF section 2.2: +1 at the end if every test passes, −1 if one fails, and −0.2 for every turn without valid code.</summary>
/// <param name="noCode">Paid for a turn without valid code; the paper's unless set.</param>
public sealed class RlefReward(double noCode = RlefReward.UsualPenalty) : IReward
{
    internal const double UsualPenalty = -0.2;
    const double Solved = 1, Failed = -1;

    public string Name => noCode == UsualPenalty ? "rlef" : string.Create(CultureInfo.InvariantCulture, $"rlef, {noCode}");
    public bool NeedsEveryTest => false;

    public EpisodeReward Score(Episode episode)
    {
        var turns = new double[episode.Turns.Length];
        for (var i = 0; i < turns.Length; i++)
            turns[i] = episode.Turns[i].Code is null && !episode.Turns[i].Given ? noCode : 0;
        turns[^1] += episode.Solved ? Solved : Failed;
        return new(turns);
    }
}
