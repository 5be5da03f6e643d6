namespace Rlef.Execution;

/// <summary>White space, lines and tokens of a text as Python has them.</summary>
static class PythonText
{
    /// <summary>As <c>str.isspace</c>: .NET's white space, and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

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
}
