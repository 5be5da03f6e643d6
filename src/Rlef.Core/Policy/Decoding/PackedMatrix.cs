using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rlef.Policy;

/// <summary>
/// A weight matrix W [N, K] laid out for y = x Wᵀ with few rows of x. Every row of y is summed in the same order however many rows there are, so a
/// row's result is the same to the bit in any batch.
/// </summary>
/// <remarks>
/// The layout is panels of 64 outputs: for each panel, K groups of 64 weights, so that the inner loop reads straight through memory. The kernel holds a
/// block of 6 rows by 64 (AVX-512) or by 16 outputs in registers, as in Goto and van de Geijn 2008.
/// </remarks>
sealed unsafe class PackedMatrix : IDisposable
{
    const int Panel = 64;

    /// <summary>Rows come in blocks of this many: x and y need room for a multiple of it.</summary>
    public const int RowBlock = 6;

    readonly int inputs;
    readonly NativeFloats weights;

    /// <param name="outputs">N, rounded up to whole panels; outputs that no weight is packed for are 0.</param>
    public PackedMatrix(int inputs, int outputs)
    {
        this.inputs = inputs;
        Panels = Padded(outputs) / Panel;
        weights = new NativeFloats(Weights);
    }

    /// <summary>Groups of 64 outputs.</summary>
    public int Panels { get; }

    /// <summary>Number of weights, those that fill up the last panel included.</summary>
    public long Weights => (long)Panels * Panel * inputs;

    /// <summary>Size rounded up to whole panels.</summary>
    public static int Padded(int size) => (size + Panel - 1) / Panel * Panel;

    /// <summary>Packs W [rows, K] as the outputs from <paramref name="output"/> on.</summary>
    public void Pack(ReadOnlySpan<float> matrix, int output)
    {
        for (var n = 0; n < matrix.Length / inputs; n++)
        {
            var source = matrix.Slice(n * inputs, inputs);
            var target = weights.Pointer + (long)((output + n) / Panel) * Panel * inputs + (output + n) % Panel;
            for (var k = 0; k < inputs; k++)
                target[k * Panel] = source[k];
        }
    }

    /// <summary>y = x Wᵀ, or y += x Wᵀ. Rows are rounded up to whole blocks.</summary>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    public void Multiply(float* x, int xStride, float* y, int yStride, int rows, bool accumulate)
    {
        for (var panel = 0; panel < Panels; panel++)
            MultiplyPanel(panel, x, xStride, y, yStride, rows, accumulate);
    }

    /// <summary>The outputs of one panel.</summary>
    /// <inheritdoc cref="Multiply"/>
    public void MultiplyPanel(int panel, float* x, int xStride, float* y, int yStride, int rows, bool accumulate)
    {
        var own = weights.Pointer + (long)panel * Panel * inputs;
        for (var r = 0; r < rows; r += RowBlock)
        {
            var target = y + (long)r * yStride + panel * Panel;
            if (Avx512F.IsSupported)
                Block512(x + (long)r * xStride, xStride, own, inputs, target, yStride, accumulate);
            else
                for (var column = 0; column < Panel; column += 16)
                    Block256(x + (long)r * xStride, xStride, own + column, inputs, target + column, yStride, accumulate);
        }
    }

    public void Dispose() => weights.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Block512(float* x, int xStride, float* w, int inputs, float* y, int yStride, bool accumulate)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default,
            c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default,
            e0 = default, e1 = default, e2 = default, e3 = default, f0 = default, f1 = default, f2 = default, f3 = default;
        float* xa = x, xb = xa + xStride, xc = xb + xStride, xd = xc + xStride, xe = xd + xStride, xf = xe + xStride;
        for (nint k = 0; k < inputs; k++, w += Panel)
        {
            Vector512<float> w0 = Vector512.Load(w), w1 = Vector512.Load(w + 16), w2 = Vector512.Load(w + 32), w3 = Vector512.Load(w + 48);
            var s = Vector512.Create(xa[k]);
            a0 = Avx512F.FusedMultiplyAdd(w0, s, a0); a1 = Avx512F.FusedMultiplyAdd(w1, s, a1);
            a2 = Avx512F.FusedMultiplyAdd(w2, s, a2); a3 = Avx512F.FusedMultiplyAdd(w3, s, a3);
            s = Vector512.Create(xb[k]);
            b0 = Avx512F.FusedMultiplyAdd(w0, s, b0); b1 = Avx512F.FusedMultiplyAdd(w1, s, b1);
            b2 = Avx512F.FusedMultiplyAdd(w2, s, b2); b3 = Avx512F.FusedMultiplyAdd(w3, s, b3);
            s = Vector512.Create(xc[k]);
            c0 = Avx512F.FusedMultiplyAdd(w0, s, c0); c1 = Avx512F.FusedMultiplyAdd(w1, s, c1);
            c2 = Avx512F.FusedMultiplyAdd(w2, s, c2); c3 = Avx512F.FusedMultiplyAdd(w3, s, c3);
            s = Vector512.Create(xd[k]);
            d0 = Avx512F.FusedMultiplyAdd(w0, s, d0); d1 = Avx512F.FusedMultiplyAdd(w1, s, d1);
            d2 = Avx512F.FusedMultiplyAdd(w2, s, d2); d3 = Avx512F.FusedMultiplyAdd(w3, s, d3);
            s = Vector512.Create(xe[k]);
            e0 = Avx512F.FusedMultiplyAdd(w0, s, e0); e1 = Avx512F.FusedMultiplyAdd(w1, s, e1);
            e2 = Avx512F.FusedMultiplyAdd(w2, s, e2); e3 = Avx512F.FusedMultiplyAdd(w3, s, e3);
            s = Vector512.Create(xf[k]);
            f0 = Avx512F.FusedMultiplyAdd(w0, s, f0); f1 = Avx512F.FusedMultiplyAdd(w1, s, f1);
            f2 = Avx512F.FusedMultiplyAdd(w2, s, f2); f3 = Avx512F.FusedMultiplyAdd(w3, s, f3);
        }
        Put(y, a0, a1, a2, a3, accumulate);
        Put(y += yStride, b0, b1, b2, b3, accumulate);
        Put(y += yStride, c0, c1, c2, c3, accumulate);
        Put(y += yStride, d0, d1, d2, d3, accumulate);
        Put(y += yStride, e0, e1, e2, e3, accumulate);
        Put(y + yStride, f0, f1, f2, f3, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* y, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3, bool accumulate)
    {
        if (accumulate)
        {
            v0 += Vector512.Load(y);
            v1 += Vector512.Load(y + 16);
            v2 += Vector512.Load(y + 32);
            v3 += Vector512.Load(y + 48);
        }
        v0.Store(y);
        v1.Store(y + 16);
        v2.Store(y + 32);
        v3.Store(y + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Block256(float* x, int xStride, float* w, int inputs, float* y, int yStride, bool accumulate)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default,
            d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        float* xa = x, xb = xa + xStride, xc = xb + xStride, xd = xc + xStride, xe = xd + xStride, xf = xe + xStride;
        for (nint k = 0; k < inputs; k++, w += Panel)
        {
            Vector256<float> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 8);
            var s = Vector256.Create(xa[k]);
            a0 = Vector256.MultiplyAddEstimate(w0, s, a0); a1 = Vector256.MultiplyAddEstimate(w1, s, a1);
            s = Vector256.Create(xb[k]);
            b0 = Vector256.MultiplyAddEstimate(w0, s, b0); b1 = Vector256.MultiplyAddEstimate(w1, s, b1);
            s = Vector256.Create(xc[k]);
            c0 = Vector256.MultiplyAddEstimate(w0, s, c0); c1 = Vector256.MultiplyAddEstimate(w1, s, c1);
            s = Vector256.Create(xd[k]);
            d0 = Vector256.MultiplyAddEstimate(w0, s, d0); d1 = Vector256.MultiplyAddEstimate(w1, s, d1);
            s = Vector256.Create(xe[k]);
            e0 = Vector256.MultiplyAddEstimate(w0, s, e0); e1 = Vector256.MultiplyAddEstimate(w1, s, e1);
            s = Vector256.Create(xf[k]);
            f0 = Vector256.MultiplyAddEstimate(w0, s, f0); f1 = Vector256.MultiplyAddEstimate(w1, s, f1);
        }
        Put(y, a0, a1, accumulate);
        Put(y += yStride, b0, b1, accumulate);
        Put(y += yStride, c0, c1, accumulate);
        Put(y += yStride, d0, d1, accumulate);
        Put(y += yStride, e0, e1, accumulate);
        Put(y + yStride, f0, f1, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* y, Vector256<float> v0, Vector256<float> v1, bool accumulate)
    {
        if (accumulate)
        {
            v0 += Vector256.Load(y);
            v1 += Vector256.Load(y + 8);
        }
        v0.Store(y);
        v1.Store(y + 8);
    }
}
