using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A model's cosines and sines, made for as many positions as were asked for: models of long reach would need much memory for all.</summary>
sealed class RotaryTables(ModelConfig config, Device device, ScalarType dtype) : IDisposable
{
    const int First = 2048;
    readonly Lock growing = new();
    Tensor? cos, sin;
    int positions;

    /// <summary>For positions 0 to <paramref name="length"/> − 1, each [length, head size].</summary>
    public (Tensor Cos, Tensor Sin) For(long length)
    {
        lock (growing)
        {
            if (positions < length)
            {
                Dispose();
                positions = (int)Math.Min(Math.Max(config.MaxPositionEmbeddings, length), Math.Max(First, 2 * length));
                (cos, sin) = Rotary.Tables(config, positions, device, dtype);
            }
            return (cos!.narrow(0, 0, length), sin!.narrow(0, 0, length));
        }
    }

    public void Dispose()
    {
        cos?.Dispose();
        sin?.Dispose();
    }
}
