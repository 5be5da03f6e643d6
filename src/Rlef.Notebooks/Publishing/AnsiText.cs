using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Rlef.Notebooks.Publishing;

/// <summary>
/// Terminal output as HTML: colours, bold, dim, italic, underline and reverse of ECMA-48's SGR sequences stay, other control sequences go,
/// and a line that was written over (carriage return) shows what stood there last. What is not closed at the end of one piece of a
/// stream goes on in the next.
/// </summary>
internal sealed partial class AnsiText
{
    private string? _foreground, _background;
    private bool _bold, _dim, _italic, _underline, _reverse;

    /// <summary>The text of one piece, its lines ended by a line feed alone.</summary>
    public static string Clean(string text)
    {
        text = OtherSequence().Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal);
        return text.Contains('\r') ? Overwritten().Replace(text, "") : text;
    }

    /// <param name="text">Text that has gone through <see cref="Clean"/>.</param>
    public string Html(string text)
    {
        var html = new StringBuilder();
        var end = 0;
        foreach (Match sequence in Colour().Matches(text))
        {
            Append(html, text[end..sequence.Index]);
            Apply([.. sequence.Groups["codes"].Value.Split([';', ':']).Select(code => int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : 0)]);
            end = sequence.Index + sequence.Length;
        }
        Append(html, text[end..]);
        return html.ToString();
    }

    private void Append(StringBuilder html, string text)
    {
        if (text.Length == 0) return;
        var (classes, style) = Look();
        if (classes.Length + style.Length == 0)
        {
            html.Append(WebUtility.HtmlEncode(text));
            return;
        }
        html.Append("<span");
        if (classes.Length > 0) html.Append($" class=\"{classes}\"");
        if (style.Length > 0) html.Append($" style=\"{style}\"");
        html.Append($">{WebUtility.HtmlEncode(text)}</span>");
    }

    // The sixteen named colours are classes, so that the page can choose shades that can be read on its ground; others are given exactly.
    private (string Classes, string Style) Look()
    {
        List<string> classes = [], styles = [];
        Colour(_foreground, "fg", "color");
        Colour(_background, "bg", "background-color");
        foreach (var (on, name) in new[] { (_bold, "bold"), (_dim, "dim"), (_italic, "italic"), (_underline, "underline"), (_reverse, "reverse") })
            if (on) classes.Add("ansi-" + name);
        return (string.Join(' ', classes), string.Join(';', styles));

        void Colour(string? colour, string ground, string property)
        {
            if (colour is null) return;
            if (colour[0] == '#') styles.Add($"{property}:{colour}");
            else classes.Add($"ansi-{ground}-{colour}");
        }
    }

    private void Apply(int[] codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            switch (codes[i])
            {
                case 0:
                    (_foreground, _background) = (null, null);
                    _bold = _dim = _italic = _underline = _reverse = false;
                    break;
                case 1: _bold = true; break;
                case 2: _dim = true; break;
                case 3: _italic = true; break;
                case 4: _underline = true; break;
                case 7: _reverse = true; break;
                case 22: _bold = _dim = false; break;
                case 23: _italic = false; break;
                case 24: _underline = false; break;
                case 27: _reverse = false; break;
                case >= 30 and <= 37: _foreground = Named(codes[i] - 30); break;
                case 38: _foreground = Extended(codes, ref i); break;
                case 39: _foreground = null; break;
                case >= 40 and <= 47: _background = Named(codes[i] - 40); break;
                case 48: _background = Extended(codes, ref i); break;
                case 49: _background = null; break;
                case >= 90 and <= 97: _foreground = Named(codes[i] - 90 + 8); break;
                case >= 100 and <= 107: _background = Named(codes[i] - 100 + 8); break;
            }
        }
    }

    private static string Named(int number) => number.ToString(CultureInfo.InvariantCulture);

    // 5;n is a colour of xterm's 256: sixteen named ones, a cube of six levels, 24 greys. 2;r;g;b is given whole.
    private static string? Extended(int[] codes, ref int i)
    {
        if (i + 2 < codes.Length && codes[i + 1] == 5)
        {
            var number = Math.Clamp(codes[i += 2], 0, 255);
            if (number < 16) return Named(number);
            if (number >= 232) return Hex(8 + 10 * (number - 232), 8 + 10 * (number - 232), 8 + 10 * (number - 232));
            number -= 16;
            return Hex(Level(number / 36), Level(number / 6 % 6), Level(number % 6));
        }
        if (i + 4 < codes.Length && codes[i + 1] == 2)
        {
            i += 4;
            return Hex(codes[i - 2], codes[i - 1], codes[i]);
        }
        i = codes.Length;
        return null;

        static int Level(int step) => step == 0 ? 0 : 55 + 40 * step;
        static string Hex(int red, int green, int blue) => $"#{Math.Clamp(red, 0, 255):x2}{Math.Clamp(green, 0, 255):x2}{Math.Clamp(blue, 0, 255):x2}";
    }

    [GeneratedRegex(@"\x1b\[(?<codes>[0-9;:]*)m")]
    private static partial Regex Colour();

    // Every other control sequence, operating system commands such as links and titles, single escapes, and control characters but tab, line feed, return and escape.
    [GeneratedRegex(@"\x1b\[(?![0-9;:]*m)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-Z\\^-~]|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")]
    private static partial Regex OtherSequence();

    [GeneratedRegex(@"[^\n]*\r(?=[^\n])|\r+(?=\n|$)")]
    private static partial Regex Overwritten();
}
