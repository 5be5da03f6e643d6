using System.Text;

namespace Rlef.Policy;

/// <summary>GPT-2's spelling of bytes by visible characters: printable ones of Latin-1 stand for themselves, the others for U+0100 and on.</summary>
static class ByteSpelling
{
    static readonly char[] Letters = new char[256];
    static readonly Dictionary<char, byte> Bytes = [];

    static ByteSpelling()
    {
        var next = (char)256;
        for (var b = 0; b < 256; b++)
        {
            Letters[b] = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF ? (char)b : next++;
            Bytes.Add(Letters[b], (byte)b);
        }
    }

    public static string Of(byte value) => Letters[value].ToString();

    public static string Of(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => Letters[b]));

    /// <summary>The text that tokens spell together; a token that is not spelled so stands for itself. Bytes that are no UTF-8 become U+FFFD.</summary>
    public static DecodedText Read(IEnumerable<DecodedText> texts)
    {
        List<byte> bytes = [];
        List<(int, int)> tokens = [];
        foreach (var (text, own) in texts)
        {
            var start = bytes.Count;
            var spelled = text.All(Bytes.ContainsKey);
            bytes.AddRange(spelled ? text.Select(c => Bytes[c]) : Encoding.UTF8.GetBytes(text));
            foreach (var (first, end) in own)
                tokens.Add((start + Count(first), start + Count(end)));

            int Count(int characters) => spelled ? characters : Encoding.UTF8.GetByteCount(text.AsSpan(0, characters));
        }
        return DecodedText.OfUtf8([.. bytes], tokens);
    }
}
