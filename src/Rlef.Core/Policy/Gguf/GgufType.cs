using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>How the elements of a GGUF tensor are stored: in blocks of a row's neighbours that share their scales.</summary>
/// <param name="Id">ggml's number.</param>
/// <param name="Elements">Of a block.</param>
/// <param name="Bytes">Of a block.</param>
/// <param name="Decode">Turns whole blocks into their elements.</param>
sealed record GgufType(uint Id, string Name, int Elements, int Bytes, GgufType.Decoder Decode)
{
    public delegate void Decoder(ReadOnlySpan<byte> blocks, Span<float> values);

    public static readonly GgufType F32 = new(0, "F32", 1, 4, (blocks, values) => MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values));
    public static readonly GgufType F16 = new(1, "F16", 1, 2, (blocks, values) => TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(blocks), values));
    public static readonly GgufType BF16 = new(30, "BF16", 1, 2, Widened);
    public static readonly GgufType Q8_0 = new(8, "Q8_0", 32, 34, GgufBlocks.Q8_0);

    static readonly Dictionary<uint, GgufType> Known = ((GgufType[])
    [
        F32, F16, BF16, Q8_0,
        new(2, "Q4_0", 32, 18, GgufBlocks.Q4_0), new(3, "Q4_1", 32, 20, GgufBlocks.Q4_1),
        new(6, "Q5_0", 32, 22, GgufBlocks.Q5_0), new(7, "Q5_1", 32, 24, GgufBlocks.Q5_1),
        new(10, "Q2_K", 256, 84, GgufSuperBlocks.Q2_K), new(11, "Q3_K", 256, 110, GgufSuperBlocks.Q3_K), new(12, "Q4_K", 256, 144, GgufSuperBlocks.Q4_K),
        new(13, "Q5_K", 256, 176, GgufSuperBlocks.Q5_K), new(14, "Q6_K", 256, 210, GgufSuperBlocks.Q6_K),
        new(20, "IQ4_NL", 32, 18, GgufBlocks.IQ4_NL), new(23, "IQ4_XS", 256, 136, GgufSuperBlocks.IQ4_XS),
    ]).ToDictionary(t => t.Id);

    // Named in errors only.
    static readonly Dictionary<uint, string> Others = new()
    {
        [9] = "Q8_1", [15] = "Q8_K", [16] = "IQ2_XXS", [17] = "IQ2_XS", [18] = "IQ3_XXS", [19] = "IQ1_S", [21] = "IQ3_S", [22] = "IQ2_S", [24] = "I8", [25] = "I16",
        [26] = "I32", [27] = "I64", [28] = "F64", [29] = "IQ1_M", [34] = "TQ1_0", [35] = "TQ2_0", [39] = "MXFP4",
    };

    public static GgufType? Find(uint id) => Known.GetValueOrDefault(id);

    /// <summary>What a type that cannot be read is called.</summary>
    public static string NameOf(uint id) => Others.GetValueOrDefault(id, $"number {id}, which is none of ggml's");

    public static string KnownNames => string.Join(", ", Known.Values.Select(t => t.Name).Order(StringComparer.Ordinal));

    /// <summary>Bytes of a row; null if it does not divide into blocks.</summary>
    public long? RowBytes(long elements) => elements % Elements == 0 ? elements / Elements * Bytes : null;

    // bfloat16 is the upper half of a float.
    static void Widened(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, ushort>(blocks);
        for (var i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
    }
}
