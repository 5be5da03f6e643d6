namespace Rlef.Policy;

/// <summary>The text of tokens that come one by one: what each of them adds to it, once no later token can change that.</summary>
/// <param name="context">Tokens before; a first token is written in another way than one behind others by some tokenizers. Empty for a text of its own.</param>
sealed class GrowingText(PolicyTokenizer tokenizer, IReadOnlyList<int> context)
{
    // Tokens before a piece that are decoded with it.
    const int Before = 8;
    const char Incomplete = '\uFFFD';

    readonly List<int> window = [.. context.Skip(context.Count - Before)];
    int read = Math.Min(context.Count, Before);

    /// <returns>What the tokens that were open until now add, one text for each; none while their last character may yet change.</returns>
    public string[] Add(int token)
    {
        window.Add(token);
        var (before, (all, spans)) = (tokenizer.Decode(window.Take(read)).Length, tokenizer.DecodeWithSpans(window));
        return all.Length <= before || all[^1] == Incomplete ? [] : Cut(before, all, spans);
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What the tokens that are open add, one text for each.</returns>
    public string[] Finish()
    {
        var (before, (all, spans)) = (tokenizer.Decode(window.Take(read)).Length, tokenizer.DecodeWithSpans(window));
        return Cut(Math.Min(before, all.Length), all, spans);
    }

    /// <summary>What a token would add that came next.</summary>
    public string Next(int token)
    {
        var (all, spans) = tokenizer.DecodeWithSpans([.. window, token]);
        return all[Math.Min(spans[^1].Start, window.Count > 0 ? spans[^2].End : 0)..];
    }

    // A character that several tokens make together is added by the last of them.
    string[] Cut(int from, string all, (int Start, int End)[] spans)
    {
        var added = new string[window.Count - read];
        for (var i = read; i < window.Count; i++)
        {
            var end = i + 1 < window.Count ? Math.Clamp(Math.Min(spans[i].End, spans[i + 1].Start), from, all.Length) : all.Length;
            added[i - read] = all[from..end];
            from = end;
        }
        window.RemoveRange(0, read);
        read = window.Count;
        return added;
    }
}
