using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>
/// −log π of the tokens with a positive advantage: imitation of what turned out well (expert iteration, Anthony et al. 2017; rejection sampling; the SFT
/// on mined dialogues of RLEF's table 3).
/// </summary>
/// <remarks>What counts as well is the advantage's: with <c>reward</c> what is better than the batch's mean, with <c>grpo</c> than the problem's. Deviation: every program of a dialogue that ended
/// well is imitated, also those that failed; RLEF's SFT imitates the last response alone.</remarks>
public sealed record SupervisedObjective : IObjective
{
    [JsonIgnore] public bool ReadsOld => false;

    public Tensor Losses(TokenBatch tokens) => -tokens.LogProbs * tokens.Advantages.gt(0).to(tokens.LogProbs.dtype);
}
