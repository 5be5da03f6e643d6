using System.Text.Json.Serialization;
using Rlef.Critics;
using Rlef.Experience;
using Rlef.Storage;

namespace Rlef.Advantages;

/// <summary>Estimates how much better each response token was than what was to be expected. A new one is a file like its neighbours and a line here.</summary>
[Arm("turn", typeof(TurnAdvantage))]
[Arm("token", typeof(TokenAdvantage))]
[Arm("turn-index", typeof(TurnIndexAdvantage))]
[Arm("rloo", typeof(RlooAdvantage))]
[Arm("grpo", typeof(GrpoAdvantage))]
[Arm("dr-grpo", typeof(DrGrpoAdvantage))]
[Arm("reinforce++", typeof(ReinforcePlusPlusAdvantage))]
[Arm("best-so-far", typeof(BestSoFarAdvantage))]
[Arm("reward", typeof(RewardAdvantage))]
[Arm("unjudged", typeof(UnjudgedAdvantage))]
[JsonConverter(typeof(Arm<IAdvantage>))]
public interface IAdvantage
{
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    void Check()
    {
    }

    /// <summary>Where the critic is read.</summary>
    ValueSites Sites { get; }

    /// <summary>Whether a dialogue is compared with the others about its problem alone, so that one without others teaches nothing.</summary>
    bool ComparesWithinGroups => false;

    /// <summary>Whether rewards of single tokens weigh those tokens alone; elsewhere they add up to what a turn or a dialogue is paid.</summary>
    bool WeighsTokens => false;

    /// <param name="weighsTokens">Whether what the reward pays single tokens is the weight of their loss.</param>
    /// <exception cref="ArgumentException">It is, and here it would add up to a return.</exception>
    void CheckReward(string reward, bool weighsTokens)
    {
        if (weighsTokens && !WeighsTokens)
            throw new ArgumentException($"The reward {reward} weighs the loss of single tokens, and the advantage {Arm<IAdvantage>.NameOf(this)} would " +
                "add these weights up to what a response is paid: take the advantage reward or best-so-far, or a reward without fine feedback (coarse, adaptive).");
    }

    /// <summary>Whether rewards say nothing of the policy, since all that are compared with each other are equal.</summary>
    bool IsFlat(IReadOnlyList<TrainingSequence> batch) => ComparesWithinGroups ? Groups.AreFlat(batch) : Moments.AreEqual([.. batch.Select(s => s.TurnRewards.Sum())]);

    /// <summary>
    /// Writes each sequence's <see cref="TrainingSequence.Advantages"/> and, where there is a critic, what it is to predict
    /// (<see cref="TrainingSequence.Returns"/>), from its pay and its values.
    /// </summary>
    /// <param name="batch">Of one update.</param>
    void Estimate(IReadOnlyList<TrainingSequence> batch);
}
