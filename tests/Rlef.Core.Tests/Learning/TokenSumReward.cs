using Rlef.Dialogue;
using Rlef.Rewards;

namespace Rlef.Core.Tests.Learning;

/// <summary>Pays each response by the sum of its tokens, so that even policies that solve nothing are paid differently and have something to learn.</summary>
sealed class TokenSumReward : IReward
{
    public string Name => "token sum";
    public bool NeedsEveryTest => false;
    public EpisodeReward Score(Episode episode) => new([.. episode.Turns.Select(t => t.Response.Sum() % 101 / 101.0)]);
}
