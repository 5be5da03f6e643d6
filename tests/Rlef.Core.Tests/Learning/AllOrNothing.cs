using Rlef.Dialogue;
using Rlef.Rewards;

namespace Rlef.Core.Tests.Learning;

/// <summary>1 for a dialogue that ends solved and 0 for any other, paid to its last turn.</summary>
public sealed class AllOrNothing : IReward
{
    /// <summary>As the recipe says it: runs of another reward are other runs.</summary>
    public string Name => "all or nothing";

    /// <summary>What fails its public tests need not be run on the private ones.</summary>
    public bool NeedsEveryTest => false;

    public EpisodeReward Score(Episode episode)
    {
        var turns = new double[episode.Turns.Length];
        turns[^1] = episode.Solved ? 1 : 0;
        return new(turns);
    }
}
