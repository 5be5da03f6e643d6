namespace Rlef.Execution;

/// <summary>Bounds texts for people.</summary>
public static class Excerpt
{
    const string Omission = "…";

    /// <summary>At most <paramref name="most"/> characters of a text, those around a place of it; <c>…</c> stands for what is left out.</summary>
    public static string Of(string text, int most, int around = 0)
    {
        var (start, end) = Window(text, most, around);
        return (start > 0 ? Omission : "") + text[start..end] + (end < text.Length ? Omission : "");
    }

    /// <summary>Where such an excerpt begins and ends in the text; no character of two halves is parted.</summary>
    public static (int Start, int End) Window(string text, int most, int around = 0)
    {
        if (text.Length <= most)
            return (0, text.Length);
        var start = Math.Clamp(around - most / 3, 0, text.Length - most);
        var end = start + most;
        return (start + (start < text.Length && char.IsLowSurrogate(text[start]) ? 1 : 0), end - (end < text.Length && char.IsLowSurrogate(text[end]) ? 1 : 0));
    }
}
