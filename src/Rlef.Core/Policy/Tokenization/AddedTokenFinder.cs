using System.Buffers;
using System.Globalization;

namespace Rlef.Policy;

/// <summary>Finds added tokens in a text: the leftmost, and of those that begin together the longest.</summary>
sealed class AddedTokenFinder
{
    readonly Dictionary<char, AddedToken[]> byFirst;
    readonly SearchValues<char> first;

    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        byFirst = tokens.Where(t => t.Content.Length > 0).GroupBy(t => t.Content[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Content.Length).ToArray());
        first = SearchValues.Create([.. byFirst.Keys]);
    }

    /// <summary>Cuts a text into added tokens and the text between them, in order.</summary>
    public List<(Range Text, AddedToken? Token)> Split(ReadOnlySpan<char> text)
    {
        List<(Range, AddedToken?)> parts = [];
        int done = 0, at = 0;
        while (at < text.Length && text[at..].IndexOfAny(first) is var skip and >= 0)
        {
            at += skip;
            if (TokenAt(text, at) is not { } token)
            {
                at++;
                continue;
            }
            var (start, end) = (at, at + token.Content.Length);
            if (token.TakesLeft)
                start = done + text[done..start].TrimEnd().Length;
            if (token.TakesRight)
                end = text.Length - text[end..].TrimStart().Length;
            if (start > done)
                parts.Add((done..start, null));
            parts.Add((start..end, token));
            done = at = end;
        }
        if (done < text.Length)
            parts.Add((done..text.Length, null));
        return parts;
    }

    AddedToken? TokenAt(ReadOnlySpan<char> text, int at)
    {
        foreach (var token in byFirst[text[at]])
            if (text[at..].StartsWith(token.Content) && !(token.WholeWord && (at > 0 && IsWord(text[at - 1])
                || at + token.Content.Length < text.Length && IsWord(text[at + token.Content.Length]))))
                return token;
        return null;
    }

    static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c)
        is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
