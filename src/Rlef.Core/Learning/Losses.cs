using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>
/// The objectives of RLEF section 2.2 and appendix A.1, over N response tokens or M value sites. Both are sums, so that a minibatch may be worked
/// off in parts; the caller divides by its number of tokens or sites.
/// </summary>
public static class Losses
{
    /// <summary>
    /// −Σ min(ρÂ, clip(ρ, 1−ε, 1+ε)Â) with ρ = π/π_old · sg[min(π/π_b, 1)]: the last factor corrects for a behaviour policy π_b that was not
    /// quite π_old (a stale or differently rounded sampler).
    /// </summary>
    /// <param name="logProbs">[N] under the policy being trained.</param>
    /// <param name="old">[N] under the policy at the start of the update.</param>
    /// <param name="behaviour">[N] under the policy that sampled.</param>
    public static Tensor Policy(Tensor logProbs, Tensor old, Tensor behaviour, Tensor advantages, double clip)
    {
        var correction = (logProbs.detach() - behaviour).exp().clamp_max(1);
        var ratio = (logProbs - old).exp() * correction;
        var surrogate = minimum(ratio * advantages, ratio.clamp(1 - clip, 1 + clip) * advantages);
        return -surrogate.sum();
    }

    /// <summary>½ Σ max((V − R)², (clip(V, V_old − α, V_old + α) − R)²).</summary>
    public static Tensor Value(Tensor values, Tensor old, Tensor returns, double clip)
    {
        var clipped = old + (values - old).clamp(-clip, clip);
        return 0.5 * maximum((values - returns).square(), (clipped - returns).square()).sum();
    }
}
