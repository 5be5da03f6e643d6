using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>GPT-2's spelling of bytes as visible characters: printable ones stand for themselves, the others are moved to 256 and up.</summary>
static class ByteSpelling
{
    static readonly char[] ByteToChar = new char[256];
    static readonly short[] CharToByte = new short[512];

    static ByteSpelling()
    {
        Array.Fill(CharToByte, (short)-1);
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var visible = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
            ByteToChar[b] = (char)(visible ? b : next++);
            CharToByte[ByteToChar[b]] = (short)b;
        }
    }

    public static char Letter(int b) => ByteToChar[b];

    /// <summary>The bytes that a token stands for; one that is not spelled this way stands for its own UTF-8.</summary>
    public static byte[] Bytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = token[i] < CharToByte.Length ? CharToByte[token[i]] : -1;
            if (b < 0)
                return Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)b;
        }
        return bytes;
    }
}
