namespace Rlef.Policy;

/// <summary>A token of a response.</summary>
/// <param name="LogProb">When it was drawn, at the sampling temperature.</param>
/// <param name="Alternatives">The most likely ones in its place, as many as were asked for.</param>
public readonly record struct DrawnToken(int Token, float LogProb, IReadOnlyList<TokenChance> Alternatives);
