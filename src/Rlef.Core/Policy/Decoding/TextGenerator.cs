using Rlef.Randomness;

namespace Rlef.Policy;

/// <summary>Continues one text, token by token.</summary>
public static class TextGenerator
{
    /// <param name="prompt">At least one token.</param>
    /// <param name="endTokens">Tokens that end the text; the one that does is not returned.</param>
    /// <returns>The new tokens, as they are drawn: at most as many as the sampling or the model's positions allow.</returns>
    /// <exception cref="InvalidDataException">The prompt is empty or fills the model's positions.</exception>
    public static IEnumerable<int> Continue(Transformer model, IReadOnlyList<int> prompt, Sampling sampling, IReadOnlyCollection<int> endTokens, ulong seed = 1)
    {
        var room = model.Config.MaxPositionEmbeddings - prompt.Count;
        if (prompt.Count == 0 || room < 1)
            throw new InvalidDataException(prompt.Count == 0
                ? "The prompt is empty; there is nothing to continue."
                : $"A prompt of {prompt.Count} tokens leaves nothing to continue within the model's {model.Config.MaxPositionEmbeddings} positions.");
        return Tokens(model, [.. prompt], sampling, endTokens, seed, Math.Min(room, sampling.MaxTokens));
    }

    /// <summary>Continues a prompt until the policy's end tokens or one of the texts in <paramref name="stop"/>, which is not returned.</summary>
    /// <returns>The new text in pieces, as they become certain.</returns>
    public static IEnumerable<string> Continue(PolicyCheckpoint policy, IReadOnlyList<int> prompt, Sampling sampling, IReadOnlyCollection<string> stop, ulong seed = 1)
    {
        var text = new StreamedText(policy.Tokenizer, prompt, stop);
        foreach (var token in Continue(policy.Model, prompt, sampling, policy.EndTokens, seed))
        {
            if (text.Add(token) is { Length: > 0 } certain)
                yield return certain;
            if (text.Stopped)
                yield break;
        }
        if (text.Finish() is { Length: > 0 } rest)
            yield return rest;
    }

    static IEnumerable<int> Tokens(Transformer model, int[] prompt, Sampling sampling, IReadOnlyCollection<int> endTokens, ulong seed, int most)
    {
        using var decoder = Decoders.Create(model, 1, prompt.Length + most);
        var response = new OpenResponse(0, prompt, RandomStream.For(seed), sampling with { MaxTokens = most }, endTokens.Contains);
        while (!response.Ended)
        {
            var said = response.Tokens.Count;
            decoder.Sample([response]);
            for (var i = said; i < response.Tokens.Count - (response.Ended && !response.Truncated ? 1 : 0); i++)
                yield return response.Tokens[i];
        }
    }
}
