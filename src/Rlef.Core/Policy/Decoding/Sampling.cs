namespace Rlef.Policy;

/// <summary>How a response is drawn from the policy.</summary>
/// <param name="Temperature">Divides the logits; 0, and what is too small to divide by, takes the most likely token.</param>
/// <param name="TopP">Keeps the smallest set of tokens whose probability reaches this (nucleus sampling); 1 keeps all.</param>
/// <param name="MaxTokens">Longest response, its end token included.</param>
public sealed record Sampling(double Temperature = 1, double TopP = 1, int MaxTokens = 128)
{
    // Below, quotients leave the numbers of 32 bits, and only ties between logits would still be drawn.
    const double LeastTemperature = 1e-6;

    /// <summary>Whether the most likely token is taken, and probabilities are those at temperature 1.</summary>
    internal bool IsGreedy => Temperature < LeastTemperature;

    /// <summary>Keeps only so many of the most likely tokens; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps only tokens at least this likely, as a share of the most likely one's probability (Nguyen et al. 2024); 0 keeps all.</summary>
    public double MinP { get; init; }

    /// <summary>Rollouts for learning: the policy's own distribution (RLEF section 3.1).</summary>
    public static Sampling Rollout { get; } = new();

    /// <summary>
    /// Evaluation in the nano world, at temperature 1: there a guess among equally likely ones is part of every program, and a lower temperature
    /// would let chance differences of the base policy decide it.
    /// </summary>
    public static Sampling Nano { get; } = new(1, 0.95);

    /// <summary>The same in the micro world, whose programs are longer.</summary>
    public static Sampling Micro { get; } = Nano with { MaxTokens = 224 };
}
