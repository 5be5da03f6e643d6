using System.Globalization;
using Rlef.Dialogue;

namespace Rlef.Rewards;

/// <summary>RLEF section 2.2: +1 at the end if every test passes, −1 if one fails, and −0.2 for every turn without valid code.</summary>
/// <remarks>
/// With levels, a dialogue that fails pays what RLTF's coarse feedback pays for its last program: −0.3 a wrong answer, −0.6 an error, −1 one that does not
/// compile, or none. A policy that hardly ever passes learns first to write programs that run. Neither paper does so.
/// </remarks>
/// <param name="noCode">Paid for a turn without valid code; the paper's unless set.</param>
/// <param name="levels">Whether failures are told apart.</param>
public sealed class RlefReward(double noCode = RlefReward.UsualPenalty, bool levels = false) : IReward
{
    internal const double UsualPenalty = -0.2;
    internal const string Levels = "levels";
    const double Solved = 1, Failed = -1;

    public string Name => "rlef" + (levels ? $", {Levels}" : "") + (noCode == UsualPenalty ? "" : string.Create(CultureInfo.InvariantCulture, $", {noCode}"));
    public bool NeedsEveryTest => false;

    public EpisodeReward Score(Episode episode)
    {
        var turns = new double[episode.Turns.Length];
        for (var i = 0; i < turns.Length; i++)
            turns[i] = episode.Turns[i].Code is null && !episode.Turns[i].Given ? noCode : 0;
        turns[^1] += episode.Solved ? Solved : levels ? RltfReward.Coarse(Outcomes.Of(episode)) : Failed;
        return new(turns);
    }
}
