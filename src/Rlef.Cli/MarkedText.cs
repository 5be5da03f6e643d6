using Rlef.Execution;
using Spectre.Console;

namespace Rlef.Cli;

/// <summary>Shows a part of a text that someone else wrote: bounded, harmless to a terminal, and with a place marked.</summary>
static class MarkedText
{
    const int MostLines = 12, Before = 4, Widest = 160, Margin = 8;

    /// <param name="mark">Characters of the text; none for null. Lines around them are shown, or else the first ones.</param>
    /// <param name="fromEnd">Show the last lines instead, as of a traceback.</param>
    public static void Write(IAnsiConsole console, string label, string text, (int Start, int End)? mark = null, bool fromEnd = false)
    {
        console.MarkupLine($"    [bold]{label}[/]");
        var lines = Lines(text);
        var marked = mark is { } place ? lines.FindLastIndex(l => l.Start <= place.Start) : -1;
        var first = Math.Clamp(marked >= 0 ? marked - Before : fromEnd ? lines.Count : 0, 0, Math.Max(0, lines.Count - MostLines));
        var last = Math.Min(lines.Count, first + MostLines);
        if (first > 0)
            Note(console, $"… {first} more {(first == 1 ? "line" : "lines")}");
        for (var i = first; i < last; i++)
            Line(console, text[lines[i].Start..lines[i].End], i == marked ? (mark!.Value.Start - lines[i].Start, mark.Value.End - lines[i].Start) : null);
        if (last < lines.Count)
            Note(console, $"… {lines.Count - last} more {(lines.Count - last == 1 ? "line" : "lines")}");
    }

    static void Note(IAnsiConsole console, string note) => console.MarkupLine($"      [dim]{Markup.Escape(note)}[/]");

    static void Line(IAnsiConsole console, string line, (int Start, int End)? mark)
    {
        var (from, to) = Excerpt.Window(line, Math.Clamp(console.Profile.Width - Margin, Margin, Widest), mark?.Start ?? 0);
        var (left, right) = (from > 0 ? "…" : "", to < line.Length ? "…" : "");
        if (mark is not { } place)
        {
            console.MarkupLine($"      {Shown(from, to)}{right}");
            return;
        }
        var (start, end) = (Math.Clamp(place.Start, from, to), Math.Clamp(place.End, from, to));
        console.MarkupLine($"      {left}{Shown(from, start)}[black on yellow]{Shown(start, end)}[/]{Shown(end, to)}{right}");
        console.MarkupLine($"      {new string(' ', left.Length + start - from)}[yellow]{new string('^', Math.Max(1, end - start))}{(end == start ? " ends here" : "")}[/]");

        string Shown(int begin, int stop) => Markup.Escape(Visible(line[begin..stop]));
    }

    static List<(int Start, int End)> Lines(string text)
    {
        List<(int, int)> lines = [];
        for (var at = 0; at <= text.Length;)
        {
            var end = text.IndexOf('\n', at) is var newline and >= 0 ? newline : text.Length;
            if (end > at || end < text.Length || lines.Count == 0)
                lines.Add((at, end));
            at = end + 1;
        }
        return lines;
    }

    // Control characters, which could move the cursor or turn the text around, become signs of one column.
    static string Visible(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = source[i] switch
            {
                < ' ' and var c => (char)('\u2400' + c),
                '\u007f' => '\u2421',
                >= '\u0080' and <= '\u009f' or >= '\u200e' and <= '\u200f' or >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' => '\uFFFD',
                var c => c,
            };
    });
}
