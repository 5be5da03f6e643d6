namespace Rlef.Policy;

/// <summary>A token that might stand in a place.</summary>
/// <param name="LogProb">At the sampling temperature, before top-k, top-p and min-p take effect.</param>
public readonly record struct TokenChance(int Token, float LogProb);
