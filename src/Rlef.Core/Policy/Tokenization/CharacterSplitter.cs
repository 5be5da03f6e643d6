using System.Text;

namespace Rlef.Policy;

/// <summary>
/// Cuts a text between two characters wherever no merge ends a token with the one and begins its right neighbour with the other: no token can cross such a
/// place, so the words between are encoded on their own and the ids are the whole text's. Characters without a token stay together.
/// </summary>
sealed class CharacterSplitter : ITextSplitter
{
    readonly HashSet<Rune> known;
    readonly HashSet<(Rune, Rune)> joined = [];

    /// <param name="known">Characters that are tokens.</param>
    public CharacterSplitter(HashSet<Rune> known, IEnumerable<(string Left, string Right)> merges)
    {
        this.known = known;
        foreach (var (left, right) in merges)
        {
            Rune.DecodeLastFromUtf16(left, out var last, out _);
            Rune.DecodeFromUtf16(right, out var first, out _);
            if (known.Contains(last) && known.Contains(first))
                joined.Add((last, first));
        }
    }

    public List<(int Offset, int Length)> Split(ReadOnlySpan<char> text)
    {
        List<(int, int)> words = new(text.Length / 4 + 1);
        var (start, at, before) = (0, 0, default(Rune));
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            if (at > start && !joined.Contains((before, rune)) && (known.Contains(before) || known.Contains(rune)))
            {
                words.Add((start, at - start));
                start = at;
            }
            (before, at) = (rune, at + length);
        }
        if (at > start)
            words.Add((start, at - start));
        return words;
    }
}
