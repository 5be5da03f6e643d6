namespace Rlef.Objectives;

/// <summary>The weights that an <see cref="Aggregation"/> gives.</summary>
public static class Aggregations
{
    /// <summary>Weight of each token of each sequence; the loss is the weighted sum of the tokens' losses.</summary>
    /// <param name="tokens">Tokens that count of each sequence. One without any counts as no sequence.</param>
    /// <param name="longest">Most tokens that a sequence could have.</param>
    public static double[] Weights(this Aggregation aggregation, IReadOnlyList<int> tokens, int longest)
    {
        double all = tokens.Sum(), sequences = tokens.Count(n => n > 0);
        return [.. tokens.Select(n => n == 0 ? 0 : aggregation switch
        {
            Aggregation.TokenMean => 1 / all,
            Aggregation.SequenceMean => 1 / (sequences * n),
            Aggregation.SequenceSum => 1 / sequences,
            Aggregation.SequenceSumOverLength => 1 / (sequences * longest),
            _ => 1,
        })];
    }
}
