using System.Globalization;
using System.Text;

namespace Rlef.Python;

/// <summary>White space, lines, tokens and literals of texts as Python has them.</summary>
static class PythonText
{
    /// <summary>As <c>str.isspace</c>: .NET's white space, and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary>Whether lines end there by <c>str.splitlines</c>.</summary>
    public static bool IsLineEnd(char c) => c is >= '\n' and <= '\r' or >= '\u001c' and <= '\u001e' or '\u0085' or '\u2028' or '\u2029';

    /// <summary>As <c>str.strip</c>.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsSpace(text[0]))
            text = text[1..];
        while (text.Length > 0 && IsSpace(text[^1]))
            text = text[..^1];
        return text;
    }

    /// <summary>Takes the next token off the text; empty at the end.</summary>
    public static ReadOnlySpan<char> NextToken(ref ReadOnlySpan<char> text, Func<char, bool> isSpace)
    {
        var start = 0;
        while (start < text.Length && isSpace(text[start]))
            start++;
        var end = start;
        while (end < text.Length && !isSpace(text[end]))
            end++;
        var token = text[start..end];
        text = text[end..];
        return token;
    }

    /// <summary>Takes the text up to the next newline off it.</summary>
    public static ReadOnlySpan<char> NextLine(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return line;
    }

    /// <summary>As <c>str.split()</c>.</summary>
    public static List<string> Tokens(ReadOnlySpan<char> text, Func<char, bool>? isSpace = null)
    {
        List<string> tokens = [];
        for (var token = NextToken(ref text, isSpace ?? IsSpace); !token.IsEmpty; token = NextToken(ref text, isSpace ?? IsSpace))
            tokens.Add(token.ToString());
        return tokens;
    }

    /// <summary>Equal but for the case of the letters A to Z.</summary>
    public static bool EqualIgnoringAsciiCase(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
            if (a[i] != b[i] && (!char.IsAsciiLetter(a[i]) || (a[i] ^ b[i]) != 0x20))
                return false;
        return true;
    }

    /// <summary>As <c>repr</c>, or with <paramref name="ascii"/> as <c>ascii</c>.</summary>
    public static string Repr(string text, bool ascii = false)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == quote || c == '\\')
                result.Append('\\').Append(c);
            else if (c is >= ' ' and < '\x7f')
                result.Append(c);
            else if (c is '\n' or '\r' or '\t')
                result.Append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
            else
            {
                var pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                var code = pair ? char.ConvertToUtf32(c, text[++i]) : c;
                if (!ascii && IsPrintable(code))
                    result.Append(pair ? char.ConvertFromUtf32(code) : c.ToString());
                else
                    result.Append(code switch { <= 0xff => $"\\x{code:x2}", <= 0xffff => $"\\u{code:x4}", _ => $"\\U{code:x8}" });
            }
        }
        return result.Append(quote).ToString();
    }

    /// <summary>As <c>str.isprintable</c> of a character.</summary>
    public static bool IsPrintable(int code) => code == ' ' || Rune.IsValid(code) && Rune.GetUnicodeCategory(new Rune(code)) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
