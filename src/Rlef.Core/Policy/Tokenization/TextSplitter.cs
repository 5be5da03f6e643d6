using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>
/// Splits a text at regular expressions, one after another, as Hugging Face's <c>Split</c> does with behaviour <c>Isolated</c>: matches and what lies
/// between them are pieces. Characters beyond 16 bits count as one character of their Unicode category.
/// </summary>
/// <exception cref="InvalidDataException">A pattern comes to no end on a text.</exception>
/// <param name="steps">Each splits the pieces of the one before; <c>Drop</c> leaves out what lies between the matches.</param>
sealed class TextSplitter(IReadOnlyList<(Regex Pattern, bool Drop)> steps) : ITextSplitter
{
    static readonly SearchValues<char> Surrogates = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    public List<(int Offset, int Length)> Split(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return [];
        if (!text.ContainsAny(Surrogates))
            return Pieces(text);
        var (standIn, places) = StandIns(text);
        var pieces = Pieces(standIn);
        for (var i = 0; i < pieces.Count; i++)
        {
            var (offset, length) = pieces[i];
            pieces[i] = (places[offset], places[offset + length] - places[offset]);
        }
        return pieces;
    }

    List<(int Offset, int Length)> Pieces(ReadOnlySpan<char> text)
    {
        List<(int Offset, int Length)> pieces = [(0, text.Length)];
        foreach (var (pattern, drop) in steps)
        {
            List<(int, int)> finer = new(text.Length / 3 + 4);
            try
            {
                foreach (var (offset, length) in pieces)
                    Split(text.Slice(offset, length), offset, pattern, drop, finer);
            }
            catch (RegexMatchTimeoutException e)
            {
                throw new InvalidDataException($"The tokenizer's pattern {e.Pattern.OneLine()} comes to no end on a text of {text.Length} characters.", e);
            }
            pieces = finer;
        }
        return pieces;
    }

    // The piece is matched on its own, so that look-ahead sees its end.
    static void Split(ReadOnlySpan<char> piece, int offset, Regex pattern, bool drop, List<(int, int)> into)
    {
        var at = 0;
        foreach (var match in pattern.EnumerateMatches(piece))
        {
            if (match.Index > at && !drop)
                into.Add((offset + at, match.Index - at));
            if (match.Length > 0)
                into.Add((offset + match.Index, match.Length));
            at = match.Index + match.Length;
        }
        if (at < piece.Length && !drop)
            into.Add((offset + at, piece.Length - at));
    }

    // .NET matches 16-bit units, the patterns mean characters: each pair of units is matched as one unit of the same category.
    static (string Text, int[] Places) StandIns(ReadOnlySpan<char> text)
    {
        var standIn = new StringBuilder(text.Length);
        var places = new int[text.Length + 1];
        var at = 0;
        while (at < text.Length)
        {
            places[standIn.Length] = at;
            var status = Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            standIn.Append(status == OperationStatus.Done && length == 1 ? text[at] : StandIn(rune));
            at += length;
        }
        places[standIn.Length] = at;
        return (standIn.ToString(), places);
    }

    static char StandIn(Rune rune) =>
        Rune.IsLetter(rune) ? Rune.IsUpper(rune) ? '\u13A0' : Rune.IsLower(rune) ? '\u0138' : '\u4E00'
        : Rune.IsNumber(rune) ? '\u0660'
        : Rune.GetUnicodeCategory(rune) switch
        {
            System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
                or System.Globalization.UnicodeCategory.EnclosingMark => '\u0300',
            _ when Rune.IsPunctuation(rune) => '\u2016',
            _ when Rune.IsSymbol(rune) => '\u2603',
            _ => '\uE000',
        };
}
