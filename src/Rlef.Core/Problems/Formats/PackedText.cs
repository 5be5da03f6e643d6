using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Rlef.Problems.Formats;

/// <summary>
/// A text that Python packed as base64(zlib(pickle(text))). Of pickle, which is a program, only a lone text is understood: nothing in it is run.
/// </summary>
static class PackedText
{
    const long MaxBytes = 1L << 30;
    const byte Protocol = 0x80, Frame = 0x95, ShortText = 0x8c, Text = (byte)'X', LongText = 0x8d, Memoize = 0x94, Put = (byte)'q', Stop = (byte)'.';

    /// <summary>The text, or null where the data are something else.</summary>
    public static string? Read(string packed)
    {
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = zlib.Read(buffer)) > 0;)
            {
                plain.Write(buffer, 0, read);
                if (plain.Length > MaxBytes)
                    return null;
            }
            return Unpickle(plain.GetBuffer().AsSpan(0, (int)plain.Length));
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    static string? Unpickle(ReadOnlySpan<byte> data)
    {
        string? text = null;
        while (!data.IsEmpty)
        {
            var (code, head) = (data[0], 0);
            switch (code)
            {
                case Stop:
                    return text;
                case Protocol or Put:
                    head = 2;
                    break;
                case Frame:
                    head = 9;
                    break;
                case Memoize:
                    head = 1;
                    break;
                case ShortText or Text or LongText when text is null:
                    head = code switch { ShortText => 2, Text => 5, _ => 9 };
                    var length = code switch
                    {
                        ShortText => data[1],
                        Text => (int)BinaryPrimitives.ReadUInt32LittleEndian(data[1..]),
                        _ => (int)BinaryPrimitives.ReadUInt64LittleEndian(data[1..]),
                    };
                    text = Encoding.UTF8.GetString(data.Slice(head, length));
                    head += length;
                    break;
                default:
                    return null;
            }
            data = data[head..];
        }
        return null;
    }
}
