using System.Text.Json.Serialization;
using Rlef.Policy;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>
/// −min(ρ·A, clip(ρ, 1 − ε_low, 1 + ε_high)·A) with ρ = π/π_old (PPO: Schulman et al. 2017, arXiv 1707.06347, equation 7; ε_high above ε_low is DAPO's
/// clip-higher, arXiv 2503.14476), corrected for a behaviour policy π_b that was not quite π_old.
/// </summary>
/// <remarks>
/// RLEF (section 2.2) multiplies ρ by sg[min(π/π_b, 1)] before it is clipped: <see cref="Correction.Within"/>. With π_b = π_old and ρ below 1 that makes the
/// ratio its own square, so that clipping begins at √(1 − ε). <see cref="Correction.Outside"/> is truncated importance sampling as others have it: the
/// whole loss times sg[min(π_old/π_b, cap)].
/// </remarks>
public sealed record PpoObjective : IObjective
{
    public enum Correction { Within, Outside, None }

    public double ClipLow { get; init; } = 0.2;
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>Bounds the loss of a token with a negative advantage by this many times it (dual clip: Ye et al. 2020, arXiv 1912.09729); null for no bound.</summary>
    public double? DualClip { get; init; }

    public Correction Corrected { get; init; } = Correction.Within;

    /// <summary>Largest weight of the correction.</summary>
    public double Cap { get; init; } = 1;

    [JsonIgnore] public bool ReadsOld => true;

    public void Check()
    {
        Setting.AtLeast("objective.clip_low", ClipLow, 0);
        Setting.AtLeast("objective.clip_high", ClipHigh, 0);
        Setting.AtLeast("objective.dual_clip", DualClip, 1);
        Setting.Above("objective.cap", Cap, 0);
    }

    public Tensor Losses(TokenBatch tokens)
    {
        var (advantages, ratio) = (tokens.Advantages, Ratio(tokens));
        var losses = -minimum(ratio * advantages, ratio.Clamp(1 - ClipLow, 1 + ClipHigh) * advantages);
        if (DualClip is { } bound)
            losses = where(advantages.Lt(0), minimum(losses, (-advantages).Mul(bound)), losses);
        return Corrected == Correction.Outside ? losses * LogRatio(tokens.Old - tokens.Behaviour).exp().ClampMax(Cap) : losses;
    }

    /// <summary>Those whose ratio is beyond its bound already, on the side that the advantage pushes to.</summary>
    public Tensor? Clipped(TokenBatch tokens)
    {
        var (advantages, ratio) = (tokens.Advantages, Ratio(tokens));
        var clipped = (ratio.Gt(1 + ClipHigh) & advantages.Gt(0)) | (ratio.Lt(1 - ClipLow) & advantages.Lt(0));
        return DualClip is { } bound ? clipped | (ratio.Gt(bound) & advantages.Lt(0)) : clipped;
    }

    Tensor Ratio(TokenBatch tokens)
    {
        var ratio = LogRatio(tokens.LogProbs - tokens.Old).exp();
        return Corrected == Correction.Within ? ratio * LogRatio(tokens.LogProbs.detach() - tokens.Behaviour).exp().ClampMax(Cap) : ratio;
    }

    // Beyond this a ratio would be no number in 32 bits.
    internal static Tensor LogRatio(Tensor difference) => difference.Clamp(-20, 20);
}
