using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>What a device reaches in large products and in copies: the best of a few rounds, measured here and now. Data sheets promise more.</summary>
static class DeviceRoof
{
    const int Tries = 5, Repeats = 10;
    const long Copied = 1 << 28;

    /// <param name="size">Rows and columns of both matrices.</param>
    public static double FlopsPerSecond(Device device, ScalarType dtype, long size)
    {
        using var scope = NewDisposeScope();
        Tensor a = randn([size, size], ScalarType.Float32, device).to(dtype), b = randn([size, size], ScalarType.Float32, device).to(dtype);
        return 2.0 * size * size * size / Seconds(() => a.mm(b), device);
    }

    public static double BytesPerSecond(Device device)
    {
        using var scope = NewDisposeScope();
        Tensor from = zeros([Copied], ScalarType.Float32, device), to = zeros([Copied], ScalarType.Float32, device);
        // Each number is read and written.
        return 2.0 * sizeof(float) * Copied / Seconds(() => to.copy_(from), device);
    }

    static double Seconds(Action work, Device device)
    {
        var best = double.MaxValue;
        for (var i = 0; i <= Tries; i++)
        {
            using var scope = NewDisposeScope();
            Synchronize();
            var started = Stopwatch.GetTimestamp();
            for (var repeat = 0; repeat < Repeats; repeat++)
                work();
            Synchronize();
            // The first round sets up the libraries.
            if (i > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds / Repeats);
        }
        return best;

        void Synchronize()
        {
            if (device.type == DeviceType.CUDA)
                cuda.synchronize(device);
        }
    }
}
