using System.Text.Json.Serialization;
using Rlef.Policy;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>What a step of the optimizer makes smaller, for each response token.</summary>
[Arm("ppo", typeof(PpoObjective))]
[Arm("reinforce", typeof(ReinforceObjective))]
[Arm("supervised", typeof(SupervisedObjective))]
[JsonConverter(typeof(Arm<IObjective>))]
public interface IObjective
{
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    void Check()
    {
    }

    /// <summary>Whether the losses ask for <see cref="TokenBatch.Old"/> and <see cref="TokenBatch.Behaviour"/>.</summary>
    bool ReadsOld { get; }

    /// <summary>Rollouts draw from the likeliest tokens that have this much of the probability.</summary>
    double TopP => 1;

    /// <summary>[N] whether a token is held back: its loss is bounded, so that it teaches nothing more. Null where nothing is bounded.</summary>
    Tensor? Clipped(TokenBatch tokens) => null;

    /// <remarks>Numbers and sums go through <see cref="Arithmetic"/>: TorchSharp's own operators may let go of them too early.</remarks>
    /// <returns>[N], whose gradient reaches <see cref="TokenBatch.LogProbs"/>.</returns>
    Tensor Losses(TokenBatch tokens);
}
