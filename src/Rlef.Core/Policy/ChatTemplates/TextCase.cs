using System.Globalization;
using System.Text;
using Rlef.Python;

namespace Rlef.Policy;

/// <summary>Python's letter cases and kinds of characters, which know of letters whose capital is several.</summary>
static class TextCase
{
    // A letter, and its capital of several.
    const string Capitals = "ßSS ŉʼN ǰJ̌ ΐΪ́ ΰΫ́ ևԵՒ ẖH̱ ẗT̈ ẘW̊ ẙY̊ ẚAʾ ὐΥ̓ ὒΥ̓̀ ὔΥ̓́ ὖΥ̓͂ ᾀἈΙ ᾁἉΙ ᾂἊΙ ᾃἋΙ ᾄἌΙ ᾅἍΙ ᾆἎΙ ᾇἏΙ ᾈἈΙ ᾉἉΙ ᾊἊΙ ᾋἋΙ ᾌἌΙ ᾍἍΙ " +
        "ᾎἎΙ ᾏἏΙ ᾐἨΙ ᾑἩΙ ᾒἪΙ ᾓἫΙ ᾔἬΙ ᾕἭΙ ᾖἮΙ ᾗἯΙ ᾘἨΙ ᾙἩΙ ᾚἪΙ ᾛἫΙ ᾜἬΙ ᾝἭΙ ᾞἮΙ ᾟἯΙ ᾠὨΙ ᾡὩΙ ᾢὪΙ ᾣὫΙ ᾤὬΙ ᾥὭΙ ᾦὮΙ ᾧὯΙ ᾨὨΙ ᾩὩΙ ᾪὪΙ ᾫὫΙ ᾬὬΙ ᾭὭΙ ᾮὮΙ ᾯὯΙ ᾲᾺΙ " +
        "ᾳΑΙ ᾴΆΙ ᾶΑ͂ ᾷΑ͂Ι ᾼΑΙ ῂῊΙ ῃΗΙ ῄΉΙ ῆΗ͂ ῇΗ͂Ι ῌΗΙ ῒΪ̀ ΐΪ́ ῖΙ͂ ῗΪ͂ ῢΫ̀ ΰΫ́ ῤΡ̓ ῦΥ͂ ῧΫ͂ ῲῺΙ ῳΩΙ ῴΏΙ ῶΩ͂ ῷΩ͂Ι ῼΩΙ ﬀFF ﬁFI ﬂFL ﬃFFI ﬄFFL ﬅST ﬆST ﬓՄՆ ﬔՄԵ ﬕՄԻ ﬖՎՆ ﬗՄԽ";

    // A letter that begins a word otherwise than as its capital; ranges of letters that do not change at all.
    const string Titles = "ßSs Ǆǅ ǅǅ ǆǅ Ǉǈ ǈǈ ǉǈ Ǌǋ ǋǋ ǌǋ Ǳǲ ǲǲ ǳǲ ևԵւ ᾲᾺͅ ᾳᾼ ᾴΆͅ ᾷᾼ͂ ᾼᾼ ῂῊͅ ῃῌ ῄΉͅ ῇῌ͂ ῌῌ ῲῺͅ ῳῼ ῴΏͅ ῷῼ͂ ῼῼ ﬀFf ﬁFi ﬂFl ﬃFfi ﬄFfl ﬅSt ﬆSt ﬓՄն ﬔՄե ﬕՄի ﬖՎն ﬗՄխ";

    static readonly Dictionary<char, string> Upper = Table(Capitals), Title = Table(Titles);

    static Dictionary<char, string> Table(string entries) => entries.Split(' ').ToDictionary(e => e[0], e => e[1..]);

    public static string Trim(string text, string? characters, bool start = true, bool end = true)
    {
        var (from, to) = (0, text.Length);
        bool Goes(int at, int width) => characters is null ? width == 1 && PythonText.IsSpace(text[at]) : characters.Contains(text.Substring(at, width), StringComparison.Ordinal);
        int Width(int at, int pair) => pair >= from && pair + 1 < to && char.IsSurrogatePair(text[pair], text[pair + 1]) ? 2 : 1;
        while (start && from < to && Width(from, from) is var width && Goes(from, width))
            from += width;
        while (end && to > from && Width(to - 1, to - 2) is var width && Goes(to - width, width))
            to -= width;
        return text[from..to];
    }

    public static string ToUpper(string text) => Ascii.IsValid(text) ? text.ToUpperInvariant()
        : Each(text, rune => rune.IsBmp && Upper.TryGetValue((char)rune.Value, out var upper) ? upper : Rune.ToUpperInvariant(rune).ToString());

    public static string ToLower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (text.AsSpan().IndexOfAny('Σ', 'İ') < 0)
            return lower;
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
            result.Append(text[i] switch { 'İ' => "i\u0307", 'Σ' => EndsWord(text, i) ? "ς" : "σ", _ => lower[i].ToString() });
        return result.ToString();
    }

    // A capital sigma at a word's end has its own small letter.
    static bool EndsWord(string text, int at)
    {
        int before = at - 1, after = at + 1;
        while (before >= 0 && IsIgnored(text[before]))
            before--;
        while (after < text.Length && IsIgnored(text[after]))
            after++;
        return before >= 0 && IsCased(text[before]) && !(after < text.Length && IsCased(text[after]));
    }

    static bool IsCased(char c) => !char.IsSurrogate(c) && IsCased(new Rune(c));

    static bool IsIgnored(char c) => c is '\'' or '.' or ':' or '·' or '\u2018' or '\u2019' or '^' or '`' or '¨'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    static string Each(string text, Func<Rune, string> change)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length;)
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                result.Append(change(rune));
                i += rune.Utf16SequenceLength;
            }
            else
                result.Append(text[i++]);
        return result.ToString();
    }

    // As a letter stands at a word's beginning.
    static string ToTitle(Rune rune)
    {
        if (rune.IsBmp && Title.TryGetValue((char)rune.Value, out var title))
            return title;
        // The Greek letters with an iota below have capitals with one beside; the Georgian ones have none at a word's beginning.
        return rune.Value switch
        {
            >= 0x1f80 and <= 0x1faf => ((char)(rune.Value | 8)).ToString(),
            >= 0x10d0 and <= 0x10ff => rune.ToString(),
            _ => ToUpper(rune.ToString()),
        };
    }

    public static string Capitalize(string text) => !Rune.TryGetRuneAt(text + " ", 0, out var first) || text.Length == 0 ? text
        : ToTitle(first) + ToLower(text)[ToLower(first.ToString()).Length..];

    /// <summary>Each run of letters begins large; an apostrophe or digit ends one.</summary>
    public static string ToTitle(string text)
    {
        var within = false;
        var lower = ToLower(text);
        if (lower.Length != text.Length)
            throw new TemplateException("the title of a text with 'İ' is not known.");
        var at = 0;
        return Each(text, rune =>
        {
            var changed = within ? lower.Substring(at, rune.Utf16SequenceLength) : ToTitle(rune);
            at += rune.Utf16SequenceLength;
            within = IsCased(rune);
            return changed;
        });
    }

    public static string SwapCase(string text)
    {
        var lower = ToLower(text);
        if (lower.Length != text.Length)
            throw new TemplateException("the swapcase of a text with 'İ' is not known.");
        var at = 0;
        return Each(text, rune =>
        {
            var changed = IsUpper(rune) ? lower.Substring(at, rune.Utf16SequenceLength) : IsLower(rune) ? ToUpper(rune.ToString()) : rune.ToString();
            at += rune.Utf16SequenceLength;
            return changed;
        });
    }

    // With Unicode's other letters that have a case, such as those in circles.
    static bool IsUpper(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter
        || rune.Value is >= 0x2160 and <= 0x216f or >= 0x24b6 and <= 0x24cf
            or >= 0x1f130 and <= 0x1f149 or >= 0x1f150 and <= 0x1f169 or >= 0x1f170 and <= 0x1f189;

    static bool IsLower(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.LowercaseLetter
        || rune.Value is 0xaa or 0xba or >= 0x2b0 and <= 0x2b8 or 0x2c0 or 0x2c1 or >= 0x2e0 and <= 0x2e4 or 0x345 or 0x37a
            or >= 0x1d2c and <= 0x1d6a or 0x1d78 or >= 0x1d9b and <= 0x1dbf or 0x2071 or 0x207f or >= 0x2090 and <= 0x209c or >= 0x2170 and <= 0x217f or >= 0x24d0 and <= 0x24e9;

    static bool IsCased(Rune rune) => IsUpper(rune) || IsLower(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;

    public static bool IsLower(string text) => text.EnumerateRunes().Any(IsLower) && !text.EnumerateRunes().Any(r => IsCased(r) && !IsLower(r));
    public static bool IsUpper(string text) => text.EnumerateRunes().Any(IsUpper) && !text.EnumerateRunes().Any(r => IsCased(r) && !IsUpper(r));

    /// <summary>Whether there are characters and all are of a kind.</summary>
    public static bool All(string text, Func<Rune, bool> kind) => text.Length > 0 && text.EnumerateRunes().All(kind);

    public static bool IsDecimal(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
    public static bool IsDigit(Rune rune) => IsDecimal(rune) || CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0;
    public static bool IsAlphabetic(Rune rune) => Rune.IsLetter(rune);
}
