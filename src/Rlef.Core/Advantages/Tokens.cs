using Rlef.Experience;

namespace Rlef.Advantages;

/// <summary>Changes of all tokens' advantages.</summary>
static class Tokens
{
    /// <summary>Whitens over the tokens of the batch, so that long responses count more.</summary>
    /// <inheritdoc cref="Moments.Whiten"/>
    public static void Whiten(IReadOnlyList<TrainingSequence> batch, bool sample = false)
    {
        var (white, at) = (Moments.Whiten([.. batch.SelectMany(s => s.Advantages)], sample), 0);
        foreach (var sequence in batch)
        {
            white.AsSpan(at, sequence.Advantages.Length).CopyTo(sequence.Advantages);
            at += sequence.Advantages.Length;
        }
    }
}
