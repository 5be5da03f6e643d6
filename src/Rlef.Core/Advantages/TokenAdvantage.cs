using Rlef.Critics;
using Rlef.Experience;
using Rlef.Storage;

namespace Rlef.Advantages;

/// <summary>
/// A_n = δ_n + γλ A_{n+1} over the response tokens of a whole dialogue, with a value before each, whitened over the tokens of the batch: PPO as it is used
/// for language models, and with γ = λ = 1 the ablation of RLEF's table 6.
/// </summary>
/// <remarks>A turn's reward falls due at its last token. Tokens that do not count are no steps: the next value is that of the next token that does.</remarks>
public sealed record TokenAdvantage : IAdvantage
{
    public double Gamma { get; init; } = 1;
    public double Lambda { get; init; } = 1;

    /// <summary>Whether whitening divides the squares by n − 1 instead of n; peers have either.</summary>
    public bool SampleVariance { get; init; }

    public ValueSites Sites => ValueSites.Token;

    public void Check()
    {
        Setting.AtLeast("advantage.gamma", Gamma, 0, 1);
        Setting.AtLeast("advantage.lambda", Lambda, 0, 1);
    }

    public bool IsFlat(IReadOnlyList<TrainingSequence> batch) => Gae.AreFlatByTokens(batch, Gamma);

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
    {
        foreach (var sequence in batch)
        {
            Gae.Of(sequence.TokenTotals(), sequence.OldValues, Gamma, Lambda).CopyTo(sequence.Advantages, 0);
            for (var n = 0; n < sequence.Returns.Length; n++)
                sequence.Returns[n] = sequence.Advantages[n] + sequence.OldValues[n];
        }
        Tokens.Whiten(batch, SampleVariance);
    }
}
