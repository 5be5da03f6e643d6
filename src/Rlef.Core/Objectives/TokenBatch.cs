using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>The response tokens of some sequences, one behind the other.</summary>
/// <param name="LogProbs">[N] under the policy being trained.</param>
/// <param name="Old">[N] under the policy at the start of the update.</param>
/// <param name="Behaviour">[N] under the policy that sampled.</param>
/// <param name="Reference">[N] under the frozen reference policy.</param>
/// <param name="Advantages">[N]</param>
public sealed record TokenBatch(Tensor LogProbs, Tensor Old, Tensor Behaviour, Tensor Reference, Tensor Advantages);
