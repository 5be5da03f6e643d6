using Rlef.Randomness;

namespace Rlef.Policy;

/// <summary>A response while it is drawn on a row of a decoder.</summary>
/// <param name="row">The decoder's row that holds the dialogue so far.</param>
/// <param name="prompt">Tokens that the decoder has yet to see, at least one.</param>
/// <param name="random">The response's own stream: each token that chance decides takes one number, so what is drawn depends on no other response.</param>
/// <param name="sampling">How its tokens are drawn, and how many at most.</param>
/// <param name="ends">Whether a token ends a response.</param>
/// <param name="alternatives">How many of the most likely tokens are kept beside each drawn one.</param>
public sealed class OpenResponse(int row, ReadOnlyMemory<int> prompt, RandomStream random, Sampling sampling, Func<int, bool> ends, int alternatives = 0)
{
    readonly List<int> tokens = [];
    readonly List<float> logProbs = [];
    readonly List<IReadOnlyList<TokenChance>> likely = [];

    public int Row => row;
    public Sampling Sampling => sampling;

    /// <summary>Whether tokens beside the drawn ones are wanted, which takes the logits themselves.</summary>
    public bool WantsAlternatives => alternatives > 0;

    /// <summary>Tokens that the decoder has not seen yet: the prompt, later the last token drawn.</summary>
    public ReadOnlyMemory<int> Pending { get; private set; } = prompt;

    /// <summary>Drawn so far.</summary>
    public IReadOnlyList<int> Tokens => tokens;

    /// <summary>Log-probability of each token when it was drawn.</summary>
    public IReadOnlyList<float> LogProbs => logProbs;

    /// <summary>For each token drawn, the most likely ones in its place, if they are wanted.</summary>
    public IReadOnlyList<IReadOnlyList<TokenChance>> Alternatives => likely;

    /// <summary>Tokens that may still be drawn.</summary>
    public int Room => sampling.MaxTokens - tokens.Count;

    /// <summary>Whether the response was cut off before an end token.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Whether the response is complete.</summary>
    public bool Ended { get; private set; }

    /// <summary>Passes over pending tokens that the decoder has been shown.</summary>
    internal void Skip(int count) => Pending = Pending[count..];

    /// <summary>Draws the next token from its logits, which are overwritten.</summary>
    internal void Draw(Span<float> logits)
    {
        if (WantsAlternatives)
            likely.Add(Sampler.MostLikely(logits, sampling, alternatives));
        var (token, logProb) = Sampler.Sample(logits, sampling, ref random);
        Add(token, logProb);
    }

    /// <summary>The numbers in [0, 1) that the next tokens will take.</summary>
    internal void Foresee(Span<double> uniforms)
    {
        var ahead = random;
        foreach (ref var uniform in uniforms)
            uniform = ahead.NextDouble();
    }

    /// <summary>Adds tokens that were drawn by foreseen numbers, up to the one that ends the response; those after it are dropped.</summary>
    internal void Take(ReadOnlySpan<long> drawn, ReadOnlySpan<float> logProbs)
    {
        for (var i = 0; i < drawn.Length && !Ended; i++)
        {
            random.NextDouble();
            Add((int)drawn[i], logProbs[i]);
        }
    }

    void Add(int token, float logProb)
    {
        tokens.Add(token);
        logProbs.Add(logProb);
        Truncated = !ends(token) && Room == 0;
        Ended = Truncated || ends(token);
        Pending = (int[])[token];
    }
}
