namespace Rlef.Policy;

/// <summary>Texts as Python has them, whose elements are code points.</summary>
static class TextPoints
{
    static bool Wide(string text) => text.AsSpan().IndexOfAnyInRange('\ud800', '\udbff') >= 0;

    // The length in units of the code point at a place.
    static int Width(string text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    public static long Count(string text)
    {
        if (!Wide(text))
            return text.Length;
        var count = 0;
        for (var i = 0; i < text.Length; i += Width(text, i))
            count++;
        return count;
    }

    public static IEnumerable<object?> Split(string text)
    {
        for (int i = 0, width; i < text.Length; i += width)
            yield return text.Substring(i, width = Width(text, i));
    }

    /// <summary>The place in units of a code point, which may be the text's end.</summary>
    public static int Unit(string text, long point)
    {
        if (!Wide(text))
            return (int)Math.Min(point, text.Length);
        var i = 0;
        for (; point > 0 && i < text.Length; point--)
            i += Width(text, i);
        return i;
    }

    /// <summary>The number of code points before a place in units.</summary>
    public static long Point(string text, int unit) => unit < 0 ? -1 : Count(text[..unit]);

    /// <summary>Which of two texts comes first by its code points, of which those of two units are the highest.</summary>
    public static int Compare(string a, string b)
    {
        var i = a.AsSpan().CommonPrefixLength(b);
        if (i == a.Length || i == b.Length)
            return a.Length.CompareTo(b.Length);
        return char.IsSurrogate(a[i]) != char.IsSurrogate(b[i]) ? char.IsSurrogate(a[i]) ? 1 : -1 : a[i].CompareTo(b[i]);
    }
}
