using Rlef.Dialogue;
using Rlef.Rewards;

namespace Rlef.Core.Tests.Learning;

/// <summary>Pays as RLEF does, and keeps the episodes that it is asked about.</summary>
sealed class Listening(List<Episode> heard) : IReward
{
    public string Name => "listening";
    public bool NeedsEveryTest => false;

    public EpisodeReward Score(Episode episode)
    {
        heard.Add(episode);
        return new RlefReward().Score(episode);
    }
}
