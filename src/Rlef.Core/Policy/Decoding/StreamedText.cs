namespace Rlef.Policy;

/// <summary>The text of tokens that come one by one, in pieces as they become certain: no piece ends within a character, or within what may become a stop text.</summary>
/// <param name="context">Tokens before; a first token is written in another way than one behind others by some tokenizers. Empty for a text of its own.</param>
/// <param name="stop">Texts that end it; the one that does is left out, with what follows.</param>
public sealed class StreamedText(PolicyTokenizer tokenizer, IReadOnlyList<int> context, IReadOnlyCollection<string> stop)
{
    readonly GrowingText text = new(tokenizer, context);
    readonly string[] stops = [.. stop.Where(s => s.Length > 0)];
    string held = "";

    /// <summary>Whether a stop text was found.</summary>
    public bool Stopped { get; private set; }

    /// <summary>
    /// What the tokens that the last call found whole add to the text, one for each in order: tokens wait until their last character is certain. Together the
    /// text, with what a stop text cuts.
    /// </summary>
    public IReadOnlyList<string> Added { get; private set; } = [];

    /// <returns>What became certain by this token, often nothing.</returns>
    public string Add(int token)
    {
        if (Stopped)
            return "";
        Added = text.Add(token);
        return Added.Count == 0 ? "" : Release(last: false);
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back.</returns>
    public string Finish()
    {
        if (Stopped)
            return "";
        Added = text.Finish();
        return Release(last: true);
    }

    /// <summary>What a token would add that came next.</summary>
    public string Next(int token) => text.Next(token);

    string Release(bool last)
    {
        held += string.Concat(Added);
        var end = stops.Select(s => held.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        Stopped = end >= 0;
        if (!Stopped)
            end = last ? held.Length : held.Length - Beginning();
        var piece = held[..end];
        held = held[end..];
        return piece;
    }

    // Length of the ending with which a stop text may begin.
    int Beginning()
    {
        var most = 0;
        foreach (var s in stops)
            for (var n = Math.Min(s.Length - 1, held.Length); n > most; n--)
                if (held.EndsWith(s.AsSpan(0, n), StringComparison.Ordinal))
                    most = n;
        return most;
    }
}
