namespace Rlef.Critics;

/// <summary>What the value function is, and how it is learned.</summary>
public enum ValueTrunk
{
    /// <summary>A network of its own that starts as a copy of the policy, as in RLEF; learned by gradients.</summary>
    Separate,
    /// <summary>A small network on the policy's hidden states, through which no gradient flows back; learned by gradients.</summary>
    Shared,
    /// <summary>Linear in the policy's hidden states, and fitted after each update to what the last ones returned (<see cref="LeastSquares"/>): nearly free.</summary>
    LeastSquares,
}
