using System.Text.Json.Serialization;
using Rlef.Policy;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>
/// −A · log π (REINFORCE: Williams 1992; the reinforcement losses of RLTF, arXiv 2307.04349, equation 5, and of CodeRL, arXiv 2207.01780).
/// </summary>
/// <remarks>
/// Tokens of an older policy are learned from as they are, as in RLTF; with <see cref="Cap"/> they weigh sg[min(π_old/π_b, cap)]. RLTF and CodeRL sum over
/// tokens: set <c>aggregation</c> to <c>sum</c>.
/// </remarks>
public sealed record ReinforceObjective : IObjective
{
    /// <summary>Largest importance weight; null for none.</summary>
    public double? Cap { get; init; }

    [JsonIgnore] public bool ReadsOld => Cap is not null;

    public void Check() => Setting.Above("objective.cap", Cap, 0);

    public Tensor Losses(TokenBatch tokens)
    {
        var losses = -tokens.Advantages * tokens.LogProbs;
        return Cap is { } cap ? losses * PpoObjective.LogRatio(tokens.Old - tokens.Behaviour).exp().ClampMax(cap) : losses;
    }
}
