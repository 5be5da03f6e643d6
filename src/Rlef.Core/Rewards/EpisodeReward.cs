namespace Rlef.Rewards;

/// <summary>What an episode pays.</summary>
/// <param name="Turns">[K] reward of each turn.</param>
/// <param name="Tokens">[N] reward of each response token of all turns that the policy played, in order, or empty.</param>
/// <param name="Mask">[N] whether anything is learned about the token, or empty for all of them.</param>
public sealed record EpisodeReward(double[] Turns, double[] Tokens, bool[] Mask)
{
    public EpisodeReward(double[] turns) : this(turns, [], [])
    {
    }

    public EpisodeReward(double[] turns, double[] tokens) : this(turns, tokens, [])
    {
    }
}
