namespace Rlef.Rewards;

/// <summary>What an episode pays.</summary>
/// <param name="Turns">[K] reward of each turn.</param>
/// <param name="Tokens">[N] reward of each response token of all turns in order, or empty.</param>
public sealed record EpisodeReward(double[] Turns, double[] Tokens)
{
    public EpisodeReward(double[] turns) : this(turns, [])
    {
    }

    public double Total => Turns.Sum();
}
