using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama. Frequencies and angles are rounded to 32 bits at each step,
/// as there: thousands of tokens on, that rounding is a visible part of the angles that models were trained with.
/// </summary>
static class Rotary
{
    /// <summary>Angle a position, for each pair of a head's elements: [head size / 2].</summary>
    public static float[] Frequencies(ModelConfig config)
    {
        var size = config.HeadSize;
        var frequencies = new float[size / 2];
        for (var i = 0; i < frequencies.Length; i++)
            frequencies[i] = 1 / (float)Math.Pow((float)config.RopeTheta, 2f * i / size);
        switch (config.RopeScaling?.RopeType)
        {
            case "linear":
                foreach (ref var frequency in frequencies.AsSpan())
                    frequency /= (float)config.RopeScaling.Factor;
                break;
            case "llama3":
                foreach (ref var frequency in frequencies.AsSpan())
                    frequency = ByWavelength(frequency, config.RopeScaling);
                break;
            case "yarn":
                Yarn(frequencies, config, config.RopeScaling);
                break;
        }
        return frequencies;
    }

    // Llama 3.1: long waves are stretched by the factor, short ones stay, and in between is a smooth passage.
    static float ByWavelength(float frequency, RopeScaling scaling)
    {
        float low = (float)scaling.LowFreqFactor!.Value, high = (float)scaling.HighFreqFactor!.Value, original = scaling.OriginalMaxPositionEmbeddings!.Value;
        var wavelength = 2 * MathF.PI / frequency;
        var kept = Math.Clamp((original / wavelength - low) / (high - low), 0, 1);
        return (1 - kept) * frequency / (float)scaling.Factor + kept * frequency;
    }

    // YaRN (Peng et al. 2023, section 3.2): pairs that turn more than BetaFast times over the original length stay, those that turn less than BetaSlow
    // times are stretched by the factor, with a ramp over the pairs between.
    static void Yarn(Span<float> frequencies, ModelConfig config, RopeScaling scaling)
    {
        var size = config.HeadSize;
        double first = PairThatTurns(scaling.BetaFast ?? 32), last = PairThatTurns(scaling.BetaSlow ?? 1);
        if (scaling.Truncate ?? true)
            (first, last) = (Math.Floor(first), Math.Ceiling(last));
        (first, last) = (Math.Max(first, 0), Math.Min(last, size - 1));
        if (first == last)
            last += 0.001;
        for (var i = 0; i < frequencies.Length; i++)
        {
            var stretched = Math.Clamp((i - (float)first) / (float)(last - first), 0, 1);
            frequencies[i] = frequencies[i] / (float)scaling.Factor * stretched + frequencies[i] * (1 - stretched);
        }

        double PairThatTurns(double times) =>
            size * Math.Log(scaling.OriginalMaxPositionEmbeddings!.Value / (times * 2 * Math.PI)) / (2 * Math.Log(config.RopeTheta));
    }

    /// <summary>Cosine and sine at a position for one frequency.</summary>
    public static (float Cos, float Sin) Turn(ModelConfig config, int position, float frequency)
    {
        var angle = position * frequency;
        var scale = (float)(config.RopeScaling?.AttentionFactor ?? 1);
        return ((float)Math.Cos(angle) * scale, (float)Math.Sin(angle) * scale);
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
                var (c, s) = Turn(config, p, frequencies[i]);
                cos[p * size + i] = cos[p * size + half + i] = c;
                sin[p * size + i] = sin[p * size + half + i] = s;
            }
        using var scope = NewDisposeScope();
        return (tensor(cos, [positions, size]).to(dtype).to(device).DetachFromDisposeScope(),
            tensor(sin, [positions, size]).to(dtype).to(device).DetachFromDisposeScope());
    }

    /// <summary>Rotates queries and keys, each [B, T, heads, size], by tables that broadcast to them; a model without rotations has no tables.</summary>
    public static (Tensor Q, Tensor K) Apply(Tensor q, Tensor k, Tensor? cos, Tensor? sin)
    {
        return cos is null ? (q, k) : (Turned(q), Turned(k));

        Tensor Turned(Tensor x)
        {
            var halves = x.chunk(2, -1);
            return (x * cos).Add(cat([-halves[1], halves[0]], -1) * sin!);
        }
    }
}
