namespace Rlef.Policy;

/// <summary>The text of tokens that come one by one, in pieces as they become certain: no piece ends within a character, or within what may become a stop text.</summary>
/// <param name="context">Tokens before; a first token is written in another way than one behind others by some tokenizers. Empty for a text of its own.</param>
/// <param name="stop">Texts that end it; the one that does is left out, with what follows.</param>
public sealed class StreamedText(PolicyTokenizer tokenizer, IReadOnlyList<int> context, IReadOnlyCollection<string> stop)
{
    // Tokens before a piece that are decoded with it.
    const int Before = 8;
    const char Incomplete = '\uFFFD';

    readonly string[] stops = [.. stop.Where(s => s.Length > 0)];
    readonly List<int> window = [.. context.Skip(context.Count - Before)];
    int read = Math.Min(context.Count, Before);
    string held = "";

    /// <summary>Whether a stop text was found.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Characters that were given out.</summary>
    public int Length { get; private set; }

    /// <returns>What became certain by this token, often nothing.</returns>
    public string Add(int token)
    {
        if (Stopped)
            return "";
        window.Add(token);
        var (before, all) = (tokenizer.Decode(window.Take(read)), tokenizer.Decode(window));
        return all.Length <= before.Length || all[^1] == Incomplete ? "" : Release(all[before.Length..], last: false);
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back.</returns>
    public string Finish()
    {
        if (Stopped)
            return "";
        var (before, all) = (tokenizer.Decode(window.Take(read)), tokenizer.Decode(window));
        return Release(all[Math.Min(before.Length, all.Length)..], last: true);
    }

    string Release(string fresh, bool last)
    {
        window.RemoveRange(0, read);
        read = window.Count;
        held += fresh;
        var end = stops.Select(s => held.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        Stopped = end >= 0;
        if (!Stopped)
            end = last ? held.Length : held.Length - Beginning();
        var piece = held[..end];
        held = held[end..];
        Length += piece.Length;
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
