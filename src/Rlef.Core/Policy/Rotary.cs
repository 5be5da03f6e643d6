using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama.</summary>
static class Rotary
{
    /// <summary>Angle a position, for each pair of a head's elements: [head size / 2].</summary>
    public static double[] Frequencies(ModelConfig config)
    {
        var size = config.HeadSize;
        var frequencies = new double[size / 2];
        for (var i = 0; i < frequencies.Length; i++)
            frequencies[i] = Scaled(Math.Pow(config.RopeTheta, -2.0 * i / size), config.RopeScaling);
        return frequencies;
    }

    // Llama 3.1: long waves are stretched by the factor, short ones stay, and in between is a smooth passage.
    static double Scaled(double frequency, RopeScaling? scaling)
    {
        if (scaling is null)
            return frequency;
        if (scaling.RopeType == "linear")
            return frequency / scaling.Factor;
        double low = scaling.LowFreqFactor!.Value, high = scaling.HighFreqFactor!.Value;
        var turns = scaling.OriginalMaxPositionEmbeddings!.Value * frequency / (2 * Math.PI);
        var kept = Math.Clamp((turns - low) / (high - low), 0, 1);
        return (1 - kept) * frequency / scaling.Factor + kept * frequency;
    }

    /// <summary>Cosines and sines of the first positions, each [positions, head size], both halves of a head alike.</summary>
    public static (Tensor Cos, Tensor Sin) Tables(ModelConfig config, int positions, Device device, ScalarType dtype)
    {
        int size = config.HeadSize, half = size / 2;
        var frequencies = Frequencies(config);
        float[] cos = new float[positions * size], sin = new float[positions * size];
        for (var p = 0; p < positions; p++)
            for (var i = 0; i < half; i++)
            {
                var angle = p * frequencies[i];
                cos[p * size + i] = cos[p * size + half + i] = (float)Math.Cos(angle);
                sin[p * size + i] = sin[p * size + half + i] = (float)Math.Sin(angle);
            }
        using var scope = NewDisposeScope();
        return (tensor(cos, [positions, size]).to(dtype).to(device).DetachFromDisposeScope(),
            tensor(sin, [positions, size]).to(dtype).to(device).DetachFromDisposeScope());
    }

    /// <summary>Rotates x [B, T, heads, size] by tables that broadcast to it.</summary>
    public static Tensor Apply(Tensor x, Tensor cos, Tensor sin)
    {
        var halves = x.chunk(2, -1);
        return x * cos + cat([-halves[1], halves[0]], -1) * sin;
    }
}
