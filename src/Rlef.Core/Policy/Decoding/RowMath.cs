using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rlef.Policy;

/// <summary>The element-wise steps and the attention of one token, over rows of floats. Summation order depends on sizes alone.</summary>
static unsafe class RowMath
{
    /// <summary>Positions of a block of cached keys, which lie as [size, 32]: one load serves eight positions.</summary>
    public const int KeyBlock = 32;

    /// <summary>y = x / rms(x) · weight. n must be even.</summary>
    public static void RmsNorm(float* x, float* weight, float* y, int n, float epsilon)
    {
        var squares = Vector256<float>.Zero;
        var i = 0;
        for (; i <= n - 8; i += 8)
        {
            var v = Vector256.Load(x + i);
            squares = Vector256.MultiplyAddEstimate(v, v, squares);
        }
        var sum = Vector256.Sum(squares);
        for (; i < n; i++)
            sum += x[i] * x[i];
        var scale = 1 / MathF.Sqrt(sum / n + epsilon);
        var scales = Vector256.Create(scale);
        for (i = 0; i <= n - 8; i += 8)
            (Vector256.Load(x + i) * scales * Vector256.Load(weight + i)).Store(y + i);
        for (; i < n; i++)
            y[i] = x[i] * scale * weight[i];
    }

    /// <summary>gate = silu(gate) · up; both padded to a multiple of 8.</summary>
    public static void SwiGlu(float* gate, float* up, int n)
    {
        for (var i = 0; i < n; i += 8)
        {
            var g = Vector256.Load(gate + i);
            (g / (Vector256<float>.One + Exp(-g)) * Vector256.Load(up + i)).Store(gate + i);
        }
    }

    /// <summary>
    /// eˣ to about 2 units in the last place, 0 below −87: 2ⁿ times a polynomial in x − n ln 2 (the coefficients are those of the Cephes library's expf).
    /// The general Vector256.Exp goes through doubles, which takes several times as long.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        var within = Vector256.GreaterThanOrEqual(x, Vector256.Create(-87f)) | ~Vector256.Equals(x, x);
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-87f)), Vector256.Create(88f));
        var n = Vector256.Round(x * Vector256.Create(1.44269504f));
        var r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(2.12194440e-4f), r);
        var p = Vector256.MultiplyAddEstimate(Vector256.Create(1.9875691500e-4f), r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.MultiplyAddEstimate(p, r * r, r + Vector256<float>.One);
        var power = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23).AsSingle();
        return p * power & within;
    }

    /// <summary>Rotates one head x [size] to y, whose elements are <paramref name="stride"/> apart, and scales it.</summary>
    public static void Rotate(float* x, float* cos, float* sin, int size, float scale, float* y, int stride)
    {
        var half = size / 2;
        for (var i = 0; i < half; i++)
        {
            float a = x[i], b = x[i + half];
            y[i * stride] = (a * cos[i] - b * sin[i]) * scale;
            y[(i + half) * stride] = (b * cos[i] + a * sin[i]) * scale;
        }
    }

    /// <summary>q · k of a block of 32 positions, or of its first <paramref name="count"/> rounded up to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scores(float* q, float* keys, int size, int count, float* scores)
    {
        if (count > 24)
        {
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var i = 0; i < size; i++, keys += KeyBlock)
            {
                var x = Vector256.Create(q[i]);
                s0 = Vector256.MultiplyAddEstimate(x, Vector256.Load(keys), s0);
                s1 = Vector256.MultiplyAddEstimate(x, Vector256.Load(keys + 8), s1);
                s2 = Vector256.MultiplyAddEstimate(x, Vector256.Load(keys + 16), s2);
                s3 = Vector256.MultiplyAddEstimate(x, Vector256.Load(keys + 24), s3);
            }
            s0.Store(scores);
            s1.Store(scores + 8);
            s2.Store(scores + 16);
            s3.Store(scores + 24);
            return;
        }
        for (var at = 0; at < count; at += 8)
        {
            var s = Vector256<float>.Zero;
            for (var i = 0; i < size; i++)
                s = Vector256.MultiplyAddEstimate(Vector256.Create(q[i]), Vector256.Load(keys + i * KeyBlock + at), s);
            s.Store(scores + at);
        }
    }

    /// <summary>Replaces scores by exp(score − max); returns 1 / their sum. There must be room for a multiple of 8.</summary>
    public static float Softmax(float* scores, int n)
    {
        var end = (n + 7) & ~7;
        for (var i = n; i < end; i++)
            scores[i] = float.NegativeInfinity;
        var largest = Vector256.Load(scores);
        for (var i = 8; i < end; i += 8)
            largest = Vector256.Max(largest, Vector256.Load(scores + i));
        var max = largest[0];
        for (var i = 1; i < 8; i++)
            max = MathF.Max(max, largest[i]);
        var shift = Vector256.Create(max);
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < end; i += 8)
        {
            var e = Exp(Vector256.Load(scores + i) - shift);
            sum += e;
            e.Store(scores + i);
        }
        return 1 / Vector256.Sum(sum);
    }

    /// <summary>mixed += Σ weights[p] · values[p], over rows of <paramref name="size"/> floats, a multiple of 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(float* weights, float* values, int size, int count, float* mixed)
    {
        var at = 0;
        for (; at <= size - 64; at += 64)
        {
            Vector256<float> m0 = Vector256.Load(mixed + at), m1 = Vector256.Load(mixed + at + 8),
                m2 = Vector256.Load(mixed + at + 16), m3 = Vector256.Load(mixed + at + 24),
                m4 = Vector256.Load(mixed + at + 32), m5 = Vector256.Load(mixed + at + 40),
                m6 = Vector256.Load(mixed + at + 48), m7 = Vector256.Load(mixed + at + 56);
            var v = values + at;
            for (var p = 0; p < count; p++, v += size)
            {
                var w = Vector256.Create(weights[p]);
                m0 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v), m0);
                m1 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 8), m1);
                m2 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 16), m2);
                m3 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 24), m3);
                m4 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 32), m4);
                m5 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 40), m5);
                m6 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 48), m6);
                m7 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 56), m7);
            }
            m0.Store(mixed + at);
            m1.Store(mixed + at + 8);
            m2.Store(mixed + at + 16);
            m3.Store(mixed + at + 24);
            m4.Store(mixed + at + 32);
            m5.Store(mixed + at + 40);
            m6.Store(mixed + at + 48);
            m7.Store(mixed + at + 56);
        }
        for (; at <= size - 32; at += 32)
        {
            Vector256<float> m0 = Vector256.Load(mixed + at), m1 = Vector256.Load(mixed + at + 8),
                m2 = Vector256.Load(mixed + at + 16), m3 = Vector256.Load(mixed + at + 24);
            var v = values + at;
            for (var p = 0; p < count; p++, v += size)
            {
                var w = Vector256.Create(weights[p]);
                m0 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v), m0);
                m1 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 8), m1);
                m2 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 16), m2);
                m3 = Vector256.MultiplyAddEstimate(w, Vector256.Load(v + 24), m3);
            }
            m0.Store(mixed + at);
            m1.Store(mixed + at + 8);
            m2.Store(mixed + at + 16);
            m3.Store(mixed + at + 24);
        }
        for (; at < size; at += 8)
        {
            var m = Vector256.Load(mixed + at);
            for (var p = 0; p < count; p++)
                m = Vector256.MultiplyAddEstimate(Vector256.Create(weights[p]), Vector256.Load(values + p * size + at), m);
            m.Store(mixed + at);
        }
    }
}
