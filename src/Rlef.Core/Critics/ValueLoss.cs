using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Critics;

/// <summary>The critic's loss, before it is averaged over sites.</summary>
public static class ValueLoss
{
    /// <summary>½ max((V − R)², (clip(V, V_old − α, V_old + α) − R)²), [M] (RLEF appendix A.1; Schulman et al.'s PPO code).</summary>
    public static Tensor Of(Tensor values, Tensor old, Tensor returns, double clip)
    {
        var clipped = old.Add((values - old).Clamp(-clip, clip));
        return maximum((values - returns).Square(), (clipped - returns).Square()).Mul(0.5);
    }
}
