using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>All that a step makes smaller about what the policy says.</summary>
public static class PolicyLoss
{
    /// <summary>objective + β·KL − c·H of each token, before it is weighed by an <see cref="Aggregation"/>.</summary>
    /// <param name="klWeight">β as it is now; 0 where the penalty is part of the reward.</param>
    /// <param name="entropies">[N] H, of the distributions that the tokens were chosen from; null for none.</param>
    /// <returns>[N]</returns>
    public static Tensor Of(TokenBatch tokens, IObjective objective, KlPenalty kl, double klWeight, Tensor? entropies = null, double entropyWeight = 0)
    {
        var losses = objective.Losses(tokens);
        if (kl.In == KlPenalty.Place.Loss && klWeight > 0)
            losses = losses.Add(KlPenalty.Losses(tokens.LogProbs, tokens.Reference, kl.By).Mul(klWeight));
        return entropies is null ? losses : losses - entropies.Mul(entropyWeight);
    }
}
