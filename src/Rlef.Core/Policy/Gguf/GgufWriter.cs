using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using Rlef.Storage;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Rlef.Policy;

/// <summary>Writes a GGUF file of version 3: named values, then what each tensor is, then the tensors one after another.</summary>
sealed class GgufWriter
{
    const int Alignment = 32, ChunkElements = 1 << 22;

    readonly MemoryStream values = new();
    readonly BinaryWriter writer;
    readonly List<(string Name, GgufType Type, long[] Shape, Action<Action<Tensor>> Rows)> tensors = [];
    ulong count;

    public GgufWriter() => writer = new(values);

    public void Add(string key, string value) => Add(key, GgufKind.Text, () => Write(writer, value));
    public void Add(string key, bool value) => Add(key, GgufKind.Bool, () => writer.Write(value));
    public void Add(string key, uint value) => Add(key, GgufKind.UInt32, () => writer.Write(value));
    public void Add(string key, float value) => Add(key, GgufKind.Float32, () => writer.Write(value));

    public void Add(string key, string[] list) => Add(key, GgufKind.Text, list, text => Write(writer, text));
    public void Add(string key, int[] list) => Add(key, GgufKind.Int32, list, writer.Write);
    public void Add(string key, float[] list) => Add(key, GgufKind.Float32, list, writer.Write);

    void Add<T>(string key, GgufKind kind, T[] list, Action<T> write) => Add(key, GgufKind.Array, () =>
    {
        writer.Write((uint)kind);
        writer.Write((ulong)list.Length);
        Array.ForEach(list, write);
    });

    void Add(string key, GgufKind kind, Action write)
    {
        Write(writer, key);
        writer.Write((uint)kind);
        write();
        count++;
    }

    static void Write(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    /// <param name="shape">Rows before columns.</param>
    /// <param name="read">Makes the tensor, in any type, when it is its turn; it is disposed of at once.</param>
    public void Add(string name, GgufType type, long[] shape, Func<Tensor> read) => tensors.Add((name, type, shape, take =>
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        take(read().detach().reshape(-1));
    }
    ));

    /// <summary>Writes under another name, syncs and renames, so that the path never holds half a file.</summary>
    /// <exception cref="InvalidDataException">A weight is too large for its type.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream =>
    {
        using var header = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        header.Write("GGUF"u8);
        header.Write(3u);
        header.Write((ulong)tensors.Count);
        header.Write(count);
        header.Flush();
        values.WriteTo(stream);
        var offset = 0UL;
        foreach (var (name, type, shape, _) in tensors)
        {
            Write(header, name);
            header.Write((uint)shape.Length);
            foreach (var size in shape.Reverse())
                header.Write((ulong)size);
            header.Write(type.Id);
            header.Write(offset);
            offset += (ulong)Aligned(type.RowBytes(TensorPrimitives.Product<long>(shape))!.Value);
        }
        foreach (var (name, type, _, rows) in tensors)
        {
            Pad(header);
            rows(flat => WriteElements(header, type, flat, $"{path}: tensor '{name}'"));
        }
        Pad(header);
    });

    static void WriteElements(BinaryWriter output, GgufType type, Tensor flat, string what)
    {
        for (var at = 0L; at < flat.numel(); at += ChunkElements)
        {
            using var scope = NewDisposeScope();
            var part = flat.narrow(0, at, Math.Min(ChunkElements, flat.numel() - at)).to(ScalarType.Float32).cpu().contiguous();
            var floats = MemoryMarshal.Cast<byte, float>(part.bytes);
            if (type == GgufType.F32)
                output.Write(part.bytes);
            else if (type == GgufType.BF16)
                output.Write(part.to(ScalarType.BFloat16).bytes);
            else if (TensorPrimitives.MaxMagnitude<float>(floats) > (float)Half.MaxValue * (type == GgufType.F16 ? 1 : 127))
                throw new InvalidDataException($"{what} holds values beyond {type.Name}'s range; take bf16 or f32.");
            else if (type == GgufType.F16)
                output.Write(part.to(ScalarType.Float16).bytes);
            else
            {
                var blocks = new byte[type.RowBytes(floats.Length)!.Value];
                GgufBlocks.EncodeQ8_0(floats, blocks);
                output.Write(blocks);
            }
        }
    }

    static void Pad(BinaryWriter output)
    {
        output.Flush();
        for (var at = output.BaseStream.Position; at < Aligned(output.BaseStream.Position); at++)
            output.Write((byte)0);
        output.Flush();
    }

    static long Aligned(long place) => (place + Alignment - 1) / Alignment * Alignment;
}
