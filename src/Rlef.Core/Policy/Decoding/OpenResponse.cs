using Rlef.Randomness;

namespace Rlef.Policy;

/// <summary>A response while it is drawn on a row of a decoder.</summary>
/// <param name="row">The decoder's row that holds the dialogue so far.</param>
/// <param name="prompt">Tokens that the decoder has yet to see, at least one.</param>
/// <param name="random">The response's own stream: each drawn token takes one number, so what is drawn depends on no other response.</param>
/// <param name="maxTokens">Longest response, its end token included.</param>
/// <param name="ends">Whether a token ends a response.</param>
public sealed class OpenResponse(int row, ReadOnlyMemory<int> prompt, RandomStream random, int maxTokens, Func<int, bool> ends)
{
    readonly List<int> tokens = [];
    readonly List<float> logProbs = [];

    public int Row => row;

    /// <summary>Tokens that the decoder has not seen yet: the prompt, later the last token drawn.</summary>
    public ReadOnlyMemory<int> Pending { get; private set; } = prompt;

    /// <summary>Drawn so far.</summary>
    public IReadOnlyList<int> Tokens => tokens;

    /// <summary>Log-probability of each token when it was drawn.</summary>
    public IReadOnlyList<float> LogProbs => logProbs;

    /// <summary>Tokens that may still be drawn.</summary>
    public int Room => maxTokens - tokens.Count;

    /// <summary>Whether the response was cut off before an end token.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Whether the response is complete.</summary>
    public bool Ended { get; private set; }

    /// <summary>Draws the next token from its logits, which are overwritten.</summary>
    internal void Draw(Span<float> logits, Sampling sampling)
    {
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
