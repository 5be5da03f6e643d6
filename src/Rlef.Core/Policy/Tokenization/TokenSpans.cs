namespace Rlef.Policy;

/// <summary>Finds the text that each token stands for.</summary>
public static class TokenSpans
{
    const char Incomplete = '\uFFFD';

    /// <summary>
    /// [N] where the text of each token begins and ends in the text of them all, as <see cref="PolicyTokenizer.Decode"/> writes it, in characters.
    /// A character that several tokens make together belongs to each of them.
    /// </summary>
    public static (int Start, int End)[] Spans(this PolicyTokenizer tokenizer, IReadOnlyList<int> ids)
    {
        var spans = new (int Start, int End)[ids.Count];
        // A decoder treats the first of its tokens in its own way, so what each adds is seen behind the last token that was complete.
        int[] context = [];
        for (var at = 0; at < ids.Count;)
        {
            var first = at;
            var start = first == 0 ? 0 : spans[first - 1].End;
            var before = tokenizer.Decode(context).Length;
            List<int> run = [.. context];
            List<string> grown = [];
            do
            {
                run.Add(ids[at++]);
                grown.Add(tokenizer.Decode(run)[before..]);
            }
            while (at < ids.Count && grown[^1] is [.., Incomplete]);
            var end = start + grown[^1].Length;
            for (var i = first; i < at; i++)
                spans[i] = (i == first ? start : start + grown[i - first - 1].TrimEnd(Incomplete).Length, i == at - 1 ? end : start + grown[i - first].Length);
            if (end > start)
                context = [.. run.Skip(context.Length)];
        }
        return spans;
    }
}
