using System.Buffers.Binary;

namespace Rlef.Policy;

/// <summary>Blocks of 256 elements, as ggml's k-quants lay them out: sub-blocks of 16 or 32 have small scales of their own, in units of the block's.</summary>
static class GgufSuperBlocks
{
    const int Size = 256;

    /// <summary>16 scales and minima of 4 bits, 256 × 2 bits, unit of the scales, unit of the minima.</summary>
    public static void Q2_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[84..], values = values[Size..])
        {
            ReadOnlySpan<byte> scales = blocks[..16], q = blocks.Slice(16, 64);
            float d = GgufBlocks.Scale(blocks[80..]), m = GgufBlocks.Scale(blocks[82..]);
            for (var sub = 0; sub < 16; sub++)
            {
                float scale = d * (scales[sub] & 15), minimum = m * (scales[sub] >> 4);
                var codes = Crumbs(q, sub, out var shift);
                var part = values.Slice(sub * 16, 16);
                for (var i = 0; i < part.Length; i++)
                    part[i] = scale * (codes[i] >> shift & 3) - minimum;
            }
        }
    }

    /// <summary>256 highest bits, 256 × 2 bits, 16 scales of 6 bits, their unit; less 4 where the highest bit is not set.</summary>
    public static void Q3_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[110..], values = values[Size..])
        {
            ReadOnlySpan<byte> high = blocks[..32], q = blocks.Slice(32, 64), scales = blocks.Slice(96, 12);
            var d = GgufBlocks.Scale(blocks[108..]);
            for (var sub = 0; sub < 16; sub++)
            {
                // Four low bits in the first eight bytes, two high bits in the last four.
                var low = sub < 8 ? scales[sub] & 15 : scales[sub - 8] >> 4;
                var scale = d * ((low | (scales[8 + sub % 4] >> 2 * (sub / 4) & 3) << 4) - 32);
                var codes = Crumbs(q, sub, out var shift);
                var mask = high.Slice(sub % 2 * 16, 16);
                var part = values.Slice(sub * 16, 16);
                for (var i = 0; i < part.Length; i++)
                    part[i] = scale * ((codes[i] >> shift & 3) - ((mask[i] >> sub / 2 & 1) == 0 ? 4 : 0));
            }
        }
    }

    /// <summary>Unit of the scales, unit of the minima, 8 scales and minima of 6 bits, 256 × 4 bits.</summary>
    public static void Q4_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[144..], values = values[Size..])
            for (var sub = 0; sub < 8; sub++)
            {
                var (scale, minimum) = ScaleAndMinimum(blocks, sub);
                var q = blocks.Slice(16 + sub / 2 * 32, 32);
                var part = values.Slice(sub * 32, 32);
                var shift = sub % 2 * 4;
                for (var i = 0; i < part.Length; i++)
                    part[i] = scale * (q[i] >> shift & 15) - minimum;
            }
    }

    /// <summary>As Q4_K, with 256 fifth bits before the four.</summary>
    public static void Q5_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[176..], values = values[Size..])
        {
            var high = blocks.Slice(16, 32);
            for (var sub = 0; sub < 8; sub++)
            {
                var (scale, minimum) = ScaleAndMinimum(blocks, sub);
                var q = blocks.Slice(48 + sub / 2 * 32, 32);
                var part = values.Slice(sub * 32, 32);
                var shift = sub % 2 * 4;
                for (var i = 0; i < part.Length; i++)
                    part[i] = scale * ((q[i] >> shift & 15) | (high[i] >> sub & 1) << 4) - minimum;
            }
        }
    }

    /// <summary>256 × 4 low bits, 256 × 2 high bits, 16 signed scales, their unit; less 32.</summary>
    public static void Q6_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[210..], values = values[Size..])
        {
            var d = GgufBlocks.Scale(blocks[208..]);
            // Each half of the block: four runs of 32, which share 64 bytes of low bits and 32 of high ones.
            for (var run = 0; run < 8; run++)
            {
                var low = blocks.Slice(run / 4 * 64 + run % 2 * 32, 32);
                var high = blocks.Slice(128 + run / 4 * 32, 32);
                var (lowShift, highShift) = (run % 4 / 2 * 4, run % 4 * 2);
                for (var half = 0; half < 2; half++)
                {
                    var scale = d * (sbyte)blocks[192 + run * 2 + half];
                    for (var i = half * 16; i < half * 16 + 16; i++)
                        values[run * 32 + i] = scale * (((low[i] >> lowShift & 15) | (high[i] >> highShift & 3) << 4) - 32);
                }
            }
        }
    }

    /// <summary>Unit of the scales, 8 scales of 6 bits, 256 codes of 4 bits.</summary>
    public static void IQ4_XS(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[136..], values = values[Size..])
        {
            var d = GgufBlocks.Scale(blocks);
            var high = BinaryPrimitives.ReadUInt16LittleEndian(blocks[2..]);
            for (var sub = 0; sub < 8; sub++)
            {
                var scale = d * ((blocks[4 + sub / 2] >> sub % 2 * 4 & 15 | (high >> 2 * sub & 3) << 4) - 32);
                var q = blocks.Slice(8 + sub * 16, 16);
                var part = values.Slice(sub * 32, 32);
                for (var i = 0; i < q.Length; i++)
                    (part[i], part[i + 16]) = (scale * GgufBlocks.Codes[q[i] & 15], scale * GgufBlocks.Codes[q[i] >> 4]);
            }
        }
    }

    // Two bits an element: 32 bytes hold four runs of 32 elements, one in each pair of bits.
    static ReadOnlySpan<byte> Crumbs(ReadOnlySpan<byte> q, int sub, out int shift)
    {
        shift = sub % 8 / 2 * 2;
        return q.Slice(sub / 8 * 32 + sub % 2 * 16, 16);
    }

    // The first four of each have six bits of a byte, the others four bits of a byte and two of one of the first.
    static (float Scale, float Minimum) ScaleAndMinimum(ReadOnlySpan<byte> block, int sub)
    {
        var packed = block.Slice(4, 12);
        var (scale, minimum) = sub < 4
            ? (packed[sub] & 63, packed[sub + 4] & 63)
            : (packed[sub + 4] & 15 | packed[sub - 4] >> 6 << 4, packed[sub + 4] >> 4 | packed[sub] >> 6 << 4);
        return (GgufBlocks.Scale(block) * scale, GgufBlocks.Scale(block[2..]) * minimum);
    }
}
