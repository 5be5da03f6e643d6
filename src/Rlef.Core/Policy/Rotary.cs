using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama.</summary>
static class Rotary
{
    /// <summary>Cosines and sines, each [positions, head size], both halves of a head alike.</summary>
    public static (Tensor Cos, Tensor Sin) Tables(ModelConfig config, Device device, ScalarType dtype)
    {
        int n = config.MaxPositionEmbeddings, size = config.HeadSize, half = size / 2;
        float[] cos = new float[n * size], sin = new float[n * size];
        for (var p = 0; p < n; p++)
            for (var i = 0; i < half; i++)
            {
                var angle = p * Math.Pow(config.RopeTheta, -2.0 * i / size);
                cos[p * size + i] = cos[p * size + half + i] = (float)Math.Cos(angle);
                sin[p * size + i] = sin[p * size + half + i] = (float)Math.Sin(angle);
            }
        using var scope = NewDisposeScope();
        return (tensor(cos, [n, size]).to(dtype).to(device).DetachFromDisposeScope(),
            tensor(sin, [n, size]).to(dtype).to(device).DetachFromDisposeScope());
    }

    /// <summary>Rotates x [B, T, heads, size] by tables that broadcast to it.</summary>
    public static Tensor Apply(Tensor x, Tensor cos, Tensor sin)
    {
        var halves = x.chunk(2, -1);
        return x * cos + cat([-halves[1], halves[0]], -1) * sin;
    }
}
