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
        List<int> ids = [.. prompt];
        var shown = policy.Tokenizer.Decode(ids).Length;
        var text = "";
        foreach (var token in Continue(policy.Model, prompt, sampling, policy.EndTokens, seed))
        {
            ids.Add(token);
            text = policy.Tokenizer.Decode(ids);
            var end = stop.Select(s => s.Length == 0 ? -1 : text.IndexOf(s, shown, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
            if (end >= 0)
            {
                yield return text[shown..end];
                yield break;
            }
            var certain = text.Length - Uncertain(text.AsSpan(shown), stop);
            if (certain > shown)
            {
                yield return text[shown..certain];
                shown = certain;
            }
        }
        if (text.Length > shown)
            yield return text[shown..];
    }

    // Length of the ending that more tokens may still change: half a character, or the beginning of a stop text.
    static int Uncertain(ReadOnlySpan<char> text, IReadOnlyCollection<string> stop)
    {
        var most = text.EndsWith("\uFFFD") ? text.Length - text.TrimEnd('\uFFFD').Length : 0;
        foreach (var s in stop)
            for (var n = Math.Min(s.Length - 1, text.Length); n > most; n--)
                if (text.EndsWith(s.AsSpan(0, n)))
                    most = n;
        return most;
    }

    static IEnumerable<int> Tokens(Transformer model, int[] prompt, Sampling sampling, IReadOnlyCollection<int> endTokens, ulong seed, int most)
    {
        using var decoder = Decoders.Create(model, 1, prompt.Length + most);
        var response = new OpenResponse(0, prompt, RandomStream.For(seed), most, endTokens.Contains);
        while (!response.Ended)
        {
            var said = response.Tokens.Count;
            decoder.Speak([response], sampling);
            for (var i = said; i < response.Tokens.Count - (response.Ended && !response.Truncated ? 1 : 0); i++)
                yield return response.Tokens[i];
        }
    }
}
