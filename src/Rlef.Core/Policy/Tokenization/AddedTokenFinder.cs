using System.Buffers;
using System.Globalization;
using System.Text;

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
            if (text[at..].StartsWith(token.Content) && !(token.WholeWord && (EndsInWord(text[..at]) || BeginsWithWord(text[(at + token.Content.Length)..]))))
                return token;
        return null;
    }

    static bool EndsInWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    static bool BeginsWithWord(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    // Word characters of UTS 18: alphabetic ones, letters in circles and squares among them, marks, digits, connectors and joiners.
    static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value is 0x200C or 0x200D or >= 0x24B6 and <= 0x24E9
            or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
