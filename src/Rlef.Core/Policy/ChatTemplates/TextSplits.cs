using Rlef.Python;

namespace Rlef.Policy;

/// <summary>Python's ways to cut a text in parts.</summary>
static class TextSplits
{
    /// <param name="separator">Null for white space.</param>
    /// <param name="most">Cuts; without end where negative.</param>
    /// <param name="last">Whether to begin at the end.</param>
    public static List<object?> Split(string text, string? separator, long most, bool last)
    {
        if (separator is { Length: 0 })
            throw new TemplateException("split needs a separator.");
        most = most < 0 ? long.MaxValue : most;
        var parts = separator is null ? Words(text, most, last) : Separated(text, separator, most, last);
        if (last)
            parts.Reverse();
        return parts;
    }

    static List<object?> Separated(string text, string separator, long most, bool last)
    {
        if (!last)
            return [.. text.Split(separator, (int)Math.Min(most, int.MaxValue - 1) + 1)];
        List<object?> parts = [];
        var end = text.Length;
        for (; most > 0 && text.AsSpan(0, end).LastIndexOf(separator) is var at and >= 0; most--)
        {
            parts.Add(text[(at + separator.Length)..end]);
            end = at;
        }
        parts.Add(text[..end]);
        return parts;
    }

    static List<object?> Words(string text, long most, bool last)
    {
        List<object?> parts = [];
        var (from, to) = (0, text.Length);
        while (true)
        {
            // White space goes on the side from which words are cut; what is left at last keeps that on its other side.
            while (from < to && PythonText.IsSpace(last ? text[to - 1] : text[from]))
                (from, to) = last ? (from, to - 1) : (from + 1, to);
            if (from == to)
                return parts;
            if (most-- == 0)
            {
                parts.Add(text[from..to]);
                return parts;
            }
            var at = last ? to : from;
            while (last ? at > from && !PythonText.IsSpace(text[at - 1]) : at < to && !PythonText.IsSpace(text[at]))
                at += last ? -1 : 1;
            parts.Add(last ? text[at..to] : text[from..at]);
            (from, to) = last ? (from, at) : (at, to);
        }
    }

    /// <summary>Python's splitlines, which knows more line ends than line feeds.</summary>
    public static List<object?> Lines(string text, bool keepEnds)
    {
        List<object?> lines = [];
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !PythonText.IsLineEnd(text[end]))
                end++;
            var next = end + (end >= text.Length ? 0 : text.AsSpan(end).StartsWith("\r\n") ? 2 : 1);
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }
        return lines;
    }

    public static TemplateTuple Partition(string text, string separator, bool last)
    {
        if (separator.Length == 0)
            throw new TemplateException("partition needs a separator.");
        var at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return new(at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]] : last ? ["", "", text] : [text, "", ""]);
    }
}
