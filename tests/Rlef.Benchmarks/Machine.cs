using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>What the machine can do at most on all cores (the roofs of Williams et al. 2009): the best of a few rounds, measured here and now.</summary>
static unsafe class Machine
{
    const int Tries = 5;

    /// <summary>Floating-point operations a second: multiplications and additions in registers.</summary>
    public static double FlopsPerSecond { get; } = Best(_ => Multiply(), 12L * Vector512<float>.Count * 2 * Repeats);

    /// <summary>Bytes a second from memory: a walk through buffers far larger than any cache.</summary>
    public static double BytesPerSecond { get; } = MeasureBytes();

    const long Repeats = 5_000_000;

    static double MeasureBytes()
    {
        const int floats = 64 << 20;
        var buffers = Enumerable.Range(0, Cores.Count).Select(_ => new float[floats]).ToArray();
        foreach (var buffer in buffers)
            Array.Fill(buffer, 1);
        return Best(i => Sum(buffers[i]), floats * sizeof(float));
    }

    // Work a second of all cores, each doing its own at the same time.
    static double Best(Func<int, float> work, double amount)
    {
        var best = 0.0;
        for (var i = 0; i < Tries; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var results = new float[Cores.Count];
            Parallel.For(0, Cores.Count, core => results[core] = work(core));
            best = Math.Max(best, amount * Cores.Count / Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (results.Any(float.IsNaN))
                throw new InvalidOperationException("The arithmetic of the peak measurement overflowed.");
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Multiply()
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f), a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (var n = 0L; n < Repeats; n++)
        {
            a = Vector512.MultiplyAddEstimate(a, x, y); b = Vector512.MultiplyAddEstimate(b, x, y); c = Vector512.MultiplyAddEstimate(c, x, y);
            d = Vector512.MultiplyAddEstimate(d, x, y); e = Vector512.MultiplyAddEstimate(e, x, y); f = Vector512.MultiplyAddEstimate(f, x, y);
            g = Vector512.MultiplyAddEstimate(g, x, y); h = Vector512.MultiplyAddEstimate(h, x, y); i = Vector512.MultiplyAddEstimate(i, x, y);
            j = Vector512.MultiplyAddEstimate(j, x, y); k = Vector512.MultiplyAddEstimate(k, x, y); l = Vector512.MultiplyAddEstimate(l, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Sum(float[] buffer)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        fixed (float* p = buffer)
            for (var i = 0; i < buffer.Length; i += 64)
            {
                a += Vector512.Load(p + i);
                b += Vector512.Load(p + i + 16);
                c += Vector512.Load(p + i + 32);
                d += Vector512.Load(p + i + 48);
            }
        return Vector512.Sum(a + b + c + d);
    }
}
