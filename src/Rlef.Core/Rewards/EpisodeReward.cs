using System.Globalization;
using Rlef.Dialogue;
using Rlef.Storage;

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

    /// <summary>Itself, if the episode can be paid that.</summary>
    /// <param name="reward">Its name.</param>
    /// <exception cref="InvalidDataException">It is not for as many turns or tokens, or no number that learning can count with; the message names reward, problem and what is wrong.</exception>
    public EpisodeReward For(Episode episode, string reward)
    {
        var tokens = episode.Own.Sum(t => t.Response.Length);
        var wrong = Turns.Length != episode.Turns.Length ? $"{Turns.Length} for {episode.Turns.Length} turns"
            : Tokens.Length != 0 && Tokens.Length != tokens ? $"{Tokens.Length} for {tokens} tokens"
            : Mask.Length != 0 && Mask.Length != tokens ? $"a mask of {Mask.Length} for {tokens} tokens"
            : Turns.Concat(Tokens).Where(r => !(Math.Abs(r) <= Setting.Most)).Select(r => r.ToString(CultureInfo.InvariantCulture)).FirstOrDefault();
        return wrong is null ? this : throw new InvalidDataException($"What the reward '{reward}' pays a dialogue about problem '{episode.Problem.Id}' cannot be learned from: {wrong}. "
            + "Due is a number for each turn, and one for each token that the policy wrote, or none for tokens.");
    }
}
