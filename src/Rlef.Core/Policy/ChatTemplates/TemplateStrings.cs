using System.Globalization;
using System.Text;

namespace Rlef.Policy;

/// <summary>The escapes of a template's texts, which are Python's.</summary>
static class TemplateStrings
{
    /// <exception cref="TemplateException">An escape is cut short, names no character, or names it by name.</exception>
    public static string Unescape(ReadOnlySpan<char> raw)
    {
        if (!raw.Contains('\\'))
            return raw.ToString();
        var text = new StringBuilder();
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            var c = raw[++i];
            if (c is 'x' or 'u' or 'U')
            {
                var digits = c switch { 'x' => 2, 'u' => 4, _ => 8 };
                text.Append(Character(raw[(i + 1)..], digits, c));
                i += digits;
            }
            else if (c is >= '0' and <= '7')
            {
                var (code, end) = (0, Math.Min(i + 3, raw.Length));
                for (; i < end && raw[i] is >= '0' and <= '7'; i++)
                    code = code * 8 + raw[i] - '0';
                i--;
                text.Append((char)code);
            }
            else if (c == 'N')
                throw new TemplateException("the escape '\\N' is not known.");
            else if (c > '\x7f')
            {
                // Python escapes what is not ASCII before it reads the escapes, so that such a character's own escape loses its backslash.
                Rune.DecodeFromUtf16(raw[i..], out var rune, out var length);
                text.Append('\\').Append(rune.Value switch { <= 0xff => $"x{rune.Value:x2}", <= 0xffff => $"u{rune.Value:x4}", _ => $"U{rune.Value:x8}" });
                i += length - 1;
            }
            else
                text.Append(c switch
                {
                    '\n' => "",
                    '\\' or '\'' or '"' => c.ToString(),
                    'a' => "\a",
                    'b' => "\b",
                    'f' => "\f",
                    'n' => "\n",
                    'r' => "\r",
                    't' => "\t",
                    'v' => "\v",
                    _ => $"\\{c}",
                });
        }
        return text.ToString();
    }

    static string Character(ReadOnlySpan<char> rest, int digits, char kind) =>
        rest.Length >= digits && uint.TryParse(rest[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? Rune.IsValid(code) ? new Rune(code).ToString() : throw new TemplateException($"the escape '\\{kind}{rest[..digits]}' is no character.")
            : throw new TemplateException($"the escape '\\{kind}' needs {digits} digits.");
}
