namespace Rlef.Critics;

/// <summary>What the value function reads.</summary>
public enum ValueTrunk
{
    /// <summary>A network of its own that starts as a copy of the policy, as in RLEF.</summary>
    Separate,
    /// <summary>The policy's hidden states, through which no gradient flows back: nearly free, for small models.</summary>
    Shared,
}
