using System.Diagnostics;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>What a GPU reaches in large products and in copies: the best of a few rounds, measured here and now. Data sheets promise more.</summary>
static class DeviceRoof
{
    const int Tries = 5, Repeats = 10;
    const long Size = 8192, Copied = 1 << 28;

    public static double FlopsPerSecond(Device device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor a = randn([Size, Size], dtype, device), b = randn([Size, Size], dtype, device);
        return 2.0 * Size * Size * Size / Seconds(() => a.mm(b));
    }

    public static double BytesPerSecond(Device device)
    {
        using var scope = NewDisposeScope();
        Tensor from = zeros([Copied], ScalarType.Float32, device), to = zeros([Copied], ScalarType.Float32, device);
        // Each number is read and written.
        return 2.0 * sizeof(float) * Copied / Seconds(() => to.copy_(from));
    }

    static double Seconds(Action work)
    {
        var best = double.MaxValue;
        for (var i = 0; i <= Tries; i++)
        {
            using var scope = NewDisposeScope();
            cuda.synchronize();
            var started = Stopwatch.GetTimestamp();
            for (var repeat = 0; repeat < Repeats; repeat++)
                work();
            cuda.synchronize();
            // The first round sets up the libraries.
            if (i > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds / Repeats);
        }
        return best;
    }
}
