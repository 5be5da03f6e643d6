using System.Text;

namespace Rlef.Policy;

/// <summary>A text that is being decoded, and where in it each of its tokens begins and ends.</summary>
/// <param name="Tokens">In characters. Tokens that make a character together have it in common.</param>
sealed record DecodedText(string Text, IReadOnlyList<(int Start, int End)> Tokens)
{
    /// <summary>The text of a single token.</summary>
    public static DecodedText Of(string token) => new(token, [(0, token.Length)]);

    /// <summary>One text behind the other.</summary>
    public static DecodedText Join(IReadOnlyList<DecodedText> texts)
    {
        if (texts is [var single])
            return single;
        StringBuilder joined = new();
        List<(int, int)> tokens = new(texts.Count);
        foreach (var (text, own) in texts)
        {
            foreach (var (start, end) in own)
                tokens.Add((joined.Length + start, joined.Length + end));
            joined.Append(text);
        }
        return new(joined.ToString(), tokens);
    }

    /// <summary>The text of bytes; what is no UTF-8 becomes U+FFFD.</summary>
    /// <param name="tokens">Where each token's bytes begin and end.</param>
    public static DecodedText OfUtf8(ReadOnlySpan<byte> bytes, IReadOnlyList<(int Start, int End)> tokens)
    {
        // Of each byte, the character that it is part of.
        var (first, behind) = (new int[bytes.Length], new int[bytes.Length]);
        for (int at = 0, length = 0; at < bytes.Length;)
        {
            Rune.DecodeFromUtf8(bytes[at..], out var rune, out var count);
            first.AsSpan(at, count).Fill(length);
            behind.AsSpan(at, count).Fill(length += rune.Utf16SequenceLength);
            at += count;
        }
        return new(Encoding.UTF8.GetString(bytes),
            [.. tokens.Select(t => t.Start < t.End ? (first[t.Start], behind[t.End - 1]) : t.Start > 0 ? (behind[t.Start - 1], behind[t.Start - 1]) : (0, 0))]);
    }

    public DecodedText Replace(string old, string fresh)
    {
        if (Tokens.Count == 1)
            return Of(Text.Replace(old, fresh, StringComparison.Ordinal));
        // Where what began, and what ended, at each place of the old text does so in the new one.
        var (begins, ends) = (new int[Text.Length + 1], new int[Text.Length + 1]);
        StringBuilder text = new(Text.Length);
        for (var at = 0; at < Text.Length;)
        {
            begins[at] = ends[at] = text.Length;
            if (!Text.AsSpan(at).StartsWith(old, StringComparison.Ordinal))
            {
                text.Append(Text[at++]);
                continue;
            }
            begins.AsSpan(at + 1, old.Length - 1).Fill(text.Length);
            text.Append(fresh);
            ends.AsSpan(at + 1, old.Length - 1).Fill(text.Length);
            at += old.Length;
        }
        begins[^1] = ends[^1] = text.Length;
        return new(text.ToString(), [.. Tokens.Select(t => (begins[t.Start], Math.Max(begins[t.Start], ends[t.End])))]);
    }

    /// <summary>Without a text where it stands at the start, and at the end, so many times at most.</summary>
    public DecodedText Strip(string what, int start, int end)
    {
        var text = Text;
        for (; start > 0 && text.StartsWith(what, StringComparison.Ordinal); start--)
            text = text[what.Length..];
        var cut = Text.Length - text.Length;
        for (; end > 0 && text.EndsWith(what, StringComparison.Ordinal); end--)
            text = text[..^what.Length];
        return text.Length == Text.Length ? this : new(text, [.. Tokens.Select(t => (Math.Clamp(t.Start - cut, 0, text.Length), Math.Clamp(t.End - cut, 0, text.Length)))]);
    }
}
