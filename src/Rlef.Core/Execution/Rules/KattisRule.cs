using Rlef.Python;

namespace Rlef.Execution;

/// <summary>
/// The default output validator of Kattis problem packages: tokens, without regard to the case of A to Z unless its flags say otherwise. With a
/// tolerance, every expected token that is a finite number, whole or not, wants a number within it.
/// </summary>
static class KattisRule
{
    /// <param name="tolerance">Null where the flags give none.</param>
    /// <param name="spaceSensitive">Whether white space must be the same byte for byte.</param>
    public static bool Equal(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected, Tolerance? tolerance, bool ignoreCase, bool spaceSensitive)
    {
        while (true)
        {
            if (spaceSensitive && !Space(ref actual).SequenceEqual(Space(ref expected)))
                return false;
            var a = PythonText.NextToken(ref actual, IsSpace);
            var e = PythonText.NextToken(ref expected, IsSpace);
            if (a.IsEmpty || e.IsEmpty)
                return a.IsEmpty && e.IsEmpty;
            if (tolerance is { } allowed && NumberText.C(e) is { } number && double.IsFinite(number))
            {
                if (NumberText.C(a) is not { } given || !allowed.Allows(given, number))
                    return false;
            }
            else if (!(ignoreCase ? PythonText.EqualIgnoringAsciiCase(a, e) : a.SequenceEqual(e)))
                return false;
        }
    }

    static ReadOnlySpan<char> Space(ref ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && IsSpace(text[end]))
            end++;
        var space = text[..end];
        text = text[end..];
        return space;
    }

    static bool IsSpace(char c) => c is ' ' or >= '\t' and <= '\r';
}
