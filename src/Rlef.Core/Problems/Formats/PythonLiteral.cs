using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>Python literals (numbers, texts, None, booleans, lists, tuples, dicts), as sets write them into text, in the encoding of values.</summary>
static class PythonLiteral
{
    /// <summary>The literal's JSON, or null where the text is none.</summary>
    public static string? TryEncode(string text)
    {
        var parser = new Parser(text);
        try
        {
            var value = parser.Value(0);
            return parser.AtEnd ? value : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    struct Parser(string text)
    {
        const int MaxDepth = 200;
        int at;

        public bool AtEnd
        {
            get
            {
                Space();
                return at == text.Length;
            }
        }

        public string Value(int depth)
        {
            Space();
            if (depth > MaxDepth || at == text.Length)
                throw new FormatException();
            switch (text[at])
            {
                case '[':
                    return $"[{string.Join(", ", Items(']', depth).Items)}]";
                case '(':
                    var (items, comma) = Items(')', depth);
                    return items.Count == 1 && !comma ? items[0] : $"{{\"__tuple__\": [{string.Join(", ", items)}]}}";
                case '{':
                    return Dict(depth);
                case '\'' or '"':
                    return JsonSerializer.Serialize(Text());
            }
            var start = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '-' or '.' or '_'))
                at++;
            return text[start..at] switch
            {
                "None" or "null" => "null",
                "True" or "true" => "true",
                "False" or "false" => "false",
                var word when IsInteger(word) => BigInteger.Parse(word, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
                var word when word.Any(char.IsAsciiDigit) && word.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E')
                    && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => Real(real),
                _ => throw new FormatException(),
            };
        }

        // A leading zero makes no Python number, and mostly means a text of digits.
        static bool IsInteger(string word) => word.TrimStart('-') is { Length: > 0 } digits && digits.All(char.IsAsciiDigit) && word.Length - digits.Length <= 1
            && (digits.Length == 1 || digits[0] != '0');

        static string Real(double value) => value.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().IndexOfAny(".eE") >= 0 ? text : text + ".0";

        (List<string> Items, bool Comma) Items(char close, int depth)
        {
            at++;
            List<string> items = [];
            var comma = false;
            for (Space(); at < text.Length && text[at] != close; Space())
            {
                items.Add(Value(depth + 1));
                Space();
                comma = at < text.Length && text[at] == ',';
                if (comma)
                    at++;
                else if (at == text.Length || text[at] != close)
                    throw new FormatException();
            }
            Take(close);
            return (items, comma);
        }

        string Dict(int depth)
        {
            at++;
            List<string> pairs = [];
            for (Space(); at < text.Length && text[at] != '}'; Space())
            {
                var key = Value(depth + 1);
                Space();
                Take(':');
                pairs.Add($"[{key}, {Value(depth + 1)}]");
                Space();
                if (at < text.Length && text[at] == ',')
                    at++;
                else if (at == text.Length || text[at] != '}')
                    throw new FormatException();
            }
            Take('}');
            return $"{{\"__dict__\": [{string.Join(", ", pairs)}]}}";
        }

        string Text()
        {
            var quote = text[at++];
            var result = new StringBuilder();
            while (at < text.Length && text[at] != quote)
            {
                if (text[at] != '\\')
                {
                    result.Append(text[at++]);
                    continue;
                }
                if (++at == text.Length)
                    throw new FormatException();
                result.Append(text[at++] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '0' => '\0',
                    '\\' => '\\',
                    '\'' => '\'',
                    '"' => '"',
                    'x' => Code(2),
                    'u' => Code(4),
                    _ => throw new FormatException(),
                });
            }
            Take(quote);
            return result.ToString();
        }

        char Code(int digits)
        {
            if (at + digits > text.Length || !int.TryParse(text.AsSpan(at, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
                throw new FormatException();
            at += digits;
            return (char)code;
        }

        void Take(char expected)
        {
            if (at == text.Length || text[at++] != expected)
                throw new FormatException();
        }

        void Space()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
        }
    }
}
