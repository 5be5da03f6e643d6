using System.Buffers.Binary;

namespace Rlef.Policy;

/// <summary>
/// Blocks of 32 elements with a scale of 16 bits, as ggml lays them out: element i and element i + 16 share a byte where elements have fewer than eight bits.
/// </summary>
static class GgufBlocks
{
    const int Size = 32, Half = Size / 2;

    /// <summary>Values of the sixteen codes of IQ4_NL and IQ4_XS.</summary>
    public static ReadOnlySpan<sbyte> Codes => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    public static float Scale(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>Scale, 32 signed bytes.</summary>
    public static void Q8_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[34..], values = values[Size..])
        {
            var d = Scale(blocks);
            var q = blocks.Slice(2, Size);
            for (var i = 0; i < q.Length; i++)
                values[i] = (sbyte)q[i] * d;
        }
    }

    /// <summary>Scale, 32 × 4 bits less 8.</summary>
    public static void Q4_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[18..], values = values[Size..])
        {
            var d = Scale(blocks);
            var q = blocks.Slice(2, Half);
            for (var i = 0; i < q.Length; i++)
                (values[i], values[i + Half]) = (((q[i] & 15) - 8) * d, ((q[i] >> 4) - 8) * d);
        }
    }

    /// <summary>Scale, minimum, 32 × 4 bits.</summary>
    public static void Q4_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[20..], values = values[Size..])
        {
            float d = Scale(blocks), m = Scale(blocks[2..]);
            var q = blocks.Slice(4, Half);
            for (var i = 0; i < q.Length; i++)
                (values[i], values[i + Half]) = ((q[i] & 15) * d + m, (q[i] >> 4) * d + m);
        }
    }

    /// <summary>Scale, 32 highest bits, 32 × 4 bits; less 16.</summary>
    public static void Q5_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[22..], values = values[Size..])
        {
            var d = Scale(blocks);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(blocks[2..]);
            var q = blocks.Slice(6, Half);
            for (var i = 0; i < q.Length; i++)
                (values[i], values[i + Half]) = ((Fifth(q[i] & 15, high, i) - 16) * d, (Fifth(q[i] >> 4, high, i + Half) - 16) * d);
        }
    }

    /// <summary>Scale, minimum, 32 highest bits, 32 × 4 bits.</summary>
    public static void Q5_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[24..], values = values[Size..])
        {
            float d = Scale(blocks), m = Scale(blocks[2..]);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(blocks[4..]);
            var q = blocks.Slice(8, Half);
            for (var i = 0; i < q.Length; i++)
                (values[i], values[i + Half]) = (Fifth(q[i] & 15, high, i) * d + m, Fifth(q[i] >> 4, high, i + Half) * d + m);
        }
    }

    /// <summary>Scale, 32 codes of 4 bits.</summary>
    public static void IQ4_NL(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[18..], values = values[Size..])
        {
            var d = Scale(blocks);
            var q = blocks.Slice(2, Half);
            for (var i = 0; i < q.Length; i++)
                (values[i], values[i + Half]) = (d * Codes[q[i] & 15], d * Codes[q[i] >> 4]);
        }
    }

    static int Fifth(int low, uint high, int bit) => low | (int)(high >> bit & 1) << 4;

    /// <summary>Q8_0 blocks of a row: each scale is a 127th of the largest magnitude, elements are rounded away from zero at the half, as by ggml.</summary>
    public static void EncodeQ8_0(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; values.Length > 0; values = values[Size..], blocks = blocks[34..])
        {
            var largest = 0f;
            foreach (var value in values[..Size])
                largest = Math.Max(largest, Math.Abs(value));
            var d = largest / 127;
            var inverse = d == 0 ? 0 : 1 / d;
            BinaryPrimitives.WriteHalfLittleEndian(blocks, (System.Half)d);
            for (var i = 0; i < Size; i++)
                blocks[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }
}
