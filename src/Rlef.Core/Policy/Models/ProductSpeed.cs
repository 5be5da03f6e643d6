using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>How fast libtorch multiplies matrices on this processor, by which it shows whether weights of 16 bits are worth having.</summary>
/// <param name="Float32">Floating-point operations a second, of two matrices of 1,024 rows and columns.</param>
/// <param name="Bfloat16">The same in 16 bits.</param>
public readonly record struct ProductSpeed(double Float32, double Bfloat16)
{
    const int Size = 1024, Tries = 4;
    // Learning is not products alone.
    const double Worthwhile = 1.3;

    /// <summary>Takes a fraction of a second; where there is no instruction for it, 16 bits may take several.</summary>
    public static ProductSpeed Measure() => new(Measure(ScalarType.Float32), Measure(ScalarType.BFloat16));

    static double Measure(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor a = ones([Size, Size], type), b = ones([Size, Size], type);
        var best = TimeSpan.MaxValue;
        // The first one sets up the library.
        for (var i = 0; i < Tries; i++)
        {
            var started = Stopwatch.GetTimestamp();
            a.mm(b);
            best = TimeSpan.FromTicks(Math.Min(best.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }
        return 2.0 * Size * Size * Size / best.TotalSeconds;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"products of matrices: {Float32 / 1e9:F0} GFLOP/s in 32 bits, {Bfloat16 / 1e9:F0} in bfloat16: " +
            $"--dtype bfloat16 {(Bfloat16 > Worthwhile * Float32 ? "learns faster here" : "saves no time here")}");
}
