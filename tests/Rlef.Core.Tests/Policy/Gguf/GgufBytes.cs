using System.Text;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

/// <summary>Writes GGUF files byte by byte, as wrong as a test wants them.</summary>
sealed class GgufBytes
{
    readonly MemoryStream stream = new();
    readonly BinaryWriter writer;

    public GgufBytes(ulong tensors, ulong values, uint version = 3)
    {
        writer = new(stream);
        writer.Write("GGUF"u8);
        writer.Write(version);
        writer.Write(tensors);
        writer.Write(values);
    }

    public GgufBytes Text(string text)
    {
        writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
        return Bytes(Encoding.UTF8.GetBytes(text));
    }

    public GgufBytes U32(uint value) => Bytes(BitConverter.GetBytes(value));
    public GgufBytes U64(ulong value) => Bytes(BitConverter.GetBytes(value));

    public GgufBytes Bytes(ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes);
        return this;
    }

    internal GgufBytes Key(string key, GgufKind kind) => Text(key).U32((uint)kind);

    /// <param name="columns">Before rows, as the format has it.</param>
    public GgufBytes Tensor(string name, uint type, ulong offset, params ulong[] columns)
    {
        Text(name).U32((uint)columns.Length);
        foreach (var size in columns)
            U64(size);
        return U32(type).U64(offset);
    }

    public GgufBytes Pad(int alignment = 32)
    {
        while (stream.Length % alignment != 0)
            writer.Write((byte)0);
        return this;
    }

    public byte[] ToArray() => stream.ToArray();
}
