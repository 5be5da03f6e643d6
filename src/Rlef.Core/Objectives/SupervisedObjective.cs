using System.Text.Json.Serialization;
using Rlef.Policy;
using Rlef.Storage;
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
    /// <summary>
    /// Programs are drawn from the likeliest tokens that have this much of the probability (Holtzman et al. 2020, arXiv 1904.09751). What was drawn so has no
    /// ratio to what the policy would have said, but can be imitated: with <c>unjudged</c> this is simple self-distillation.
    /// </summary>
    public double TopP { get; init; } = 1;

    public void Check()
    {
        Setting.Above("objective.top_p", TopP, 0);
        Setting.AtLeast("objective.top_p", TopP, 0, most: 1);
    }

    [JsonIgnore] public bool ReadsOld => false;

    public Tensor Losses(TokenBatch tokens) => -tokens.LogProbs * tokens.Advantages.Gt(0).to(tokens.LogProbs.dtype);
}
